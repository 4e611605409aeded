package dev.caravan.door;

import dev.caravan.chat.Cancellation;
import dev.caravan.chat.ChatError;
import dev.caravan.chat.ErrorCode;
import dev.caravan.door.Arrival.Refused;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.lang.System.Logger.Level;
import java.util.Map;

/**
 * What is behind the door for every connection alike: the handler, and the words for what does not reach it. Safe for use
 * by many threads.
 */
record Service(DoorHandler handler, RefusalBody refusals, Traffic traffic) {

    private static final System.Logger LOG = System.getLogger(Service.class.getName());
    private static final Map<String, String> JSON = Map.of("content-type", "application/json");
    private static final ChatError STOPPING = ChatError.of(
                    ErrorCode.SERVICE_UNAVAILABLE, "The broker is stopping and takes no new requests.")
            .withCause("draining");

    /** Has the request answered, on a virtual thread. */
    void start(DoorRequest request, NettyReply reply) {
        traffic.handling();
        Thread.startVirtualThread(() -> serve(request, reply));
    }

    /** Why a request that came during a drain is not answered. */
    Refused stopping(DoorRequest request) {
        return new Refused(STOPPING, request.requestId(), request.isHead());
    }

    /** The response that refuses; the connection is to be closed after it. */
    FullHttpResponse response(Refused refused) {
        ChatError error = refused.error();
        byte[] body = refusals.of(error, refused.requestId());
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(error.status()),
                refused.head() ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(body));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON)
                .set(HttpHeaderNames.CONTENT_LENGTH, body.length)
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE)
                .set(RequestReader.REQUEST_ID, refused.requestId());
        return response;
    }

    private void serve(DoorRequest request, NettyReply reply) {
        try {
            handler.handle(request, reply);
            if (!reply.isEnded() && !reply.cancellation().isCancelled()) {
                LOG.log(Level.ERROR, "{0} was left unanswered by its handler", request);
            }
        } catch (Throwable bug) {
            LOG.log(Level.ERROR, () -> request + " failed", bug);
        }
        try {
            settle(request, reply);
        } finally {
            reply.abort();
            traffic.handled();
        }
    }

    /** Answers for a handler that did not; a reply that it began and left can only be broken off. */
    private void settle(DoorRequest request, NettyReply reply) {
        if (reply.isUnanswered()) {
            boolean stopping = reply.cancellation().reason() == Cancellation.Reason.DRAINING;
            ChatError error = stopping
                    ? STOPPING
                    : ChatError.of(ErrorCode.INTERNAL_ERROR, "The broker failed to answer; this is a bug of its own.");
            reply.send(error.status(), JSON, refusals.of(error, request.requestId()));
        }
    }
}

package dev.caravan.door;

import dev.caravan.chat.Cancellation;
import dev.caravan.chat.ChatError;
import dev.caravan.chat.ErrorCode;
import dev.caravan.door.Arrival.Refused;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is behind the door for every connection alike: the handler, and the words for what does not reach it. Safe for use
 * by many threads.
 */
record Service(DoorOptions options, DoorHandler handler, RefusalBody refusals, Traffic traffic, Tally tally) {

    private static final System.Logger LOG = System.getLogger(Service.class.getName());

    /**
     * Has the request answered, on a virtual thread, and lets go of its body's memory when that is done.
     *
     * @return false if there are too many already
     */
    boolean start(DoorRequest request, NettyReply reply) {
        if (!traffic.handling()) {
            if (!options.spared().contains(request.path())) {
                return false;
            }
            traffic.handlingAnyhow();
        }
        Thread.startVirtualThread(() -> serve(request, reply));
        return true;
    }

    /** What a request is answered without a handler, if it is: a browser's question whether it may ask at all. */
    @Nullable
    FullHttpResponse answer(DoorRequest request) {
        if (!options.cors().isPreflight(request.head())) {
            return null;
        }
        FullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.NO_CONTENT, Unpooled.EMPTY_BUFFER);
        options.cors().addPreflightTo(response.headers(), request.head());
        response.headers().set(RequestReader.REQUEST_ID, request.requestId());
        if (!isKeptOpen(request.head())) {
            HttpUtil.setKeepAlive(response, false);
        }
        return response;
    }

    /** The response that refuses. */
    FullHttpResponse response(Refused refused, String remoteAddress, boolean close) {
        tally.count(refused.objection(), refused.requestId(), remoteAddress);
        ChatError error = refused.objection().error();
        HttpRequest request = refused.request();
        byte[] body = refusals.of(error, refused.requestId());
        boolean head = request != null && request.method().equals(HttpMethod.HEAD);
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(error.status()),
                head ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(body));
        headers(error).forEach(response.headers()::set);
        response.headers()
                .set(HttpHeaderNames.CONTENT_LENGTH, body.length)
                .set(RequestReader.REQUEST_ID, refused.requestId());
        options.cors().addTo(response.headers(), request);
        if (close) {
            HttpUtil.setKeepAlive(response, false);
        }
        return response;
    }

    /** Whether a connection may serve on after a request that the door has answered itself. */
    static boolean isKeptOpen(HttpRequest request) {
        return request.protocolVersion().isKeepAliveDefault() && HttpUtil.isKeepAlive(request);
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
            traffic.letGo(request.body().length);
            traffic.handled();
        }
    }

    /** Answers for a handler that did not; a reply that it began and left can only be broken off. */
    private void settle(DoorRequest request, NettyReply reply) {
        if (reply.isUnanswered()) {
            boolean stopping = reply.cancellation().reason() == Cancellation.Reason.DRAINING;
            ChatError error = stopping
                    ? Objection.DRAINING.error()
                    : ChatError.of(ErrorCode.INTERNAL_ERROR, "The broker failed to answer; this is a bug of its own.");
            reply.send(error.status(), headers(error), refusals.of(error, request.requestId()));
        }
    }

    private static Map<String, String> headers(ChatError error) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("content-type", "application/json");
        Duration after = error.retryAfter();
        if (after != null) {
            headers.put("retry-after", String.valueOf(Math.max(1, after.toSeconds())));
        } else if (error.status() >= 500) {
            headers.put("x-should-retry", "false");
        }
        return headers;
    }
}

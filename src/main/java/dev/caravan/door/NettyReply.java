package dev.caravan.door;

import dev.caravan.chat.Cancellation;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AsciiString;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/** The reply to one request of one connection. */
final class NettyReply implements DoorReply {

    private enum State {
        NEW,
        BEGUN,
        DONE,
        ABORTED
    }

    private static final AsciiString REQUEST_ID = AsciiString.cached(RequestReader.REQUEST_ID);
    /** As much as may wait on a connection before its writer has to. */
    private static final int LARGEST_PIECE = 64 * 1024;

    private final DoorChannel connection;
    private final DoorRequest request;
    private final Cancellation cancellation = new Cancellation();
    private final AtomicReference<State> state = new AtomicReference<>(State.NEW);
    private volatile boolean keepAlive;
    private volatile boolean untilClose;

    NettyReply(DoorChannel connection, DoorRequest request) {
        this.connection = connection;
        this.request = request;
    }

    @Override
    public Cancellation cancellation() {
        return cancellation;
    }

    @Override
    public void send(int status, Map<String, String> headers, byte[] body) {
        ByteBuf content = request.isHead() ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(body);
        FullHttpResponse whole =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), content);
        fill(whole.headers(), headers);
        whole.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.length);
        if (move(State.NEW, State.DONE)) {
            connection.finish(this, whole);
        }
    }

    @Override
    public boolean begin(int status, Map<String, String> headers) {
        HttpResponseStatus line = HttpResponseStatus.valueOf(status);
        HttpResponse head = request.isHead()
                ? new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, line, Unpooled.EMPTY_BUFFER)
                : new DefaultHttpResponse(HttpVersion.HTTP_1_1, line);
        boolean chunked = request.head().protocolVersion().isKeepAliveDefault();
        untilClose = !chunked && !request.isHead();
        fill(head.headers(), headers);
        if (chunked && !request.isHead()) {
            head.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
        return move(State.NEW, State.BEGUN) && stillThere(connection.write(head));
    }

    @Override
    public boolean write(byte[] bytes, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (!isBegun()) {
            return false;
        }
        boolean there = connection.isOpen();
        int end = request.isHead() ? offset : offset + length;
        for (int from = offset; there && from < end; from += LARGEST_PIECE) {
            int piece = Math.min(end - from, LARGEST_PIECE);
            there = connection.awaitWritable(cancellation)
                    && connection.write(new DefaultHttpContent(Unpooled.copiedBuffer(bytes, from, piece)));
        }
        return stillThere(there);
    }

    @Override
    public boolean offer(byte[] bytes) {
        if (!isBegun()) {
            return false;
        }
        return stillThere(
                request.isHead() || !connection.isWritable()
                        ? connection.isOpen()
                        : connection.write(new DefaultHttpContent(Unpooled.copiedBuffer(bytes))));
    }

    @Override
    public void end() {
        if (move(State.BEGUN, State.DONE)) {
            connection.finish(this, request.isHead() ? Unpooled.EMPTY_BUFFER : LastHttpContent.EMPTY_LAST_CONTENT);
        }
    }

    @Override
    public void abort() {
        State was = state.getAndUpdate(now -> now == State.DONE ? now : State.ABORTED);
        if (was == State.NEW || was == State.BEGUN) {
            connection.abort(this);
        }
    }

    boolean isUnanswered() {
        return state.get() == State.NEW;
    }

    boolean isEnded() {
        State now = state.get();
        return now == State.DONE || now == State.ABORTED;
    }

    /** Whether the connection may serve another request after this one; known once the head is made. */
    boolean isKeepAlive() {
        return keepAlive;
    }

    /** Whether, for want of chunks, only the connection's end tells the client that the body is complete. */
    boolean isUntilClose() {
        return untilClose;
    }

    /** Who is told that the client is gone finds it so in the cancellation too, though the event loop may come later. */
    private boolean stillThere(boolean there) {
        if (!there) {
            cancellation.cancel(Cancellation.Reason.CLIENT_GONE);
        }
        return there;
    }

    private boolean isBegun() {
        return switch (state.get()) {
            case BEGUN -> true;
            case ABORTED -> false;
            case NEW, DONE ->
                throw new IllegalStateException("A reply can be written to between begin() and end() only");
        };
    }

    private boolean move(State from, State to) {
        State was = state.compareAndExchange(from, to);
        if (was != from && was != State.ABORTED) {
            throw new IllegalStateException("The reply to " + request + " is " + was + " and cannot become " + to);
        }
        return was == from;
    }

    private void fill(HttpHeaders target, Map<String, String> headers) {
        headers.forEach(target::set);
        target.remove(HttpHeaderNames.TRANSFER_ENCODING)
                .remove(HttpHeaderNames.CONTENT_LENGTH)
                .set(REQUEST_ID, request.requestId());
        keepAlive = !untilClose
                && HttpUtil.isKeepAlive(request.head())
                && !connection.service().traffic().isDraining();
        connection.service().options().cors().addTo(target, request.head());
        target.remove(HttpHeaderNames.CONNECTION);
        if (!keepAlive) {
            target.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        } else if (!request.head().protocolVersion().isKeepAliveDefault()) {
            target.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
        }
    }
}

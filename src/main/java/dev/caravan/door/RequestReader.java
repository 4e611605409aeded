package dev.caravan.door;

import dev.caravan.door.Arrival.Complete;
import dev.caravan.door.Arrival.Refused;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts requests together from the pieces that the decoder finds on one connection, and tells what is wrong with those that
 * cannot be. After the first refusal it reads nothing more, since it is lost where the next request begins. It keeps none
 * of the buffers it is shown. The memory of a body is taken from the door's; with the complete request, the duty to let go
 * of it passes on. For one event loop.
 */
final class RequestReader {

    static final String REQUEST_ID = "x-request-id";

    private static final byte[] NOTHING = {};

    private final DoorLimits limits;
    private final Traffic traffic;
    private final String remoteAddress;

    private @Nullable Objection toAll;
    private @Nullable HttpRequest head;
    private String requestId = "";
    private byte[] body = NOTHING;
    private int size;
    private int most;
    private boolean continueAwaited;
    private boolean deaf;

    RequestReader(DoorLimits limits, Traffic traffic, String remoteAddress) {
        this.limits = limits;
        this.traffic = traffic;
        this.remoteAddress = remoteAddress;
    }

    /** From now on, every request is refused as soon as its headers are read. */
    void refuseAll(Objection objection) {
        toAll = objection;
    }

    boolean isRefusingAll() {
        return toAll != null;
    }

    /** Where the connection comes from. */
    String remoteAddress() {
        return remoteAddress;
    }

    /** Takes one more piece in; the request or refusal that it completes, if any. */
    @Nullable
    Arrival read(HttpObject piece) {
        if (deaf) {
            return null;
        }
        Throwable failure = piece.decoderResult().cause();
        if (failure != null) {
            return malformed(piece, failure);
        }
        if (piece instanceof HttpRequest request) {
            Objection objection = begin(request);
            if (objection != null) {
                return refuse(objection);
            }
        }
        return piece instanceof HttpContent content && head != null ? append(content, head) : null;
    }

    /** Whether the client waits for a 100 before it sends the body. */
    boolean isContinueAwaited() {
        return continueAwaited;
    }

    void continued() {
        continueAwaited = false;
    }

    /** Whether a request has begun and not ended, or input goes unread. */
    boolean isMidRequest() {
        return head != null || deaf;
    }

    /** How much of the body has come. */
    int received() {
        return size;
    }

    /** Reads no more, and refuses what has been read so far. */
    Refused refuse(Objection objection) {
        HttpRequest begun = head;
        abandon();
        return new Refused(objection, requestId.isEmpty() ? RequestIds.from(null) : requestId, begun);
    }

    /** Reads no more, and forgets what has been read so far. */
    void abandon() {
        deaf = true;
        head = null;
        drop();
        continueAwaited = false;
    }

    private @Nullable Objection begin(HttpRequest request) {
        head = request;
        requestId = RequestIds.from(request.headers().get(REQUEST_ID));
        size = 0;
        Objection objection = objectionToFraming(request);
        if (objection != null || toAll != null) {
            return objection == null ? toAll : objection;
        }
        String expectation = request.headers().get(HttpHeaderNames.EXPECT);
        if (expectation != null && !HttpHeaderValues.CONTINUE.contentEqualsIgnoreCase(expectation)) {
            return Objection.EXPECTATION;
        }
        long announced = HttpUtil.getContentLength(request, 0L);
        if (announced > limits.bodyBytes()) {
            return Objection.bodyTooLarge(limits.bodyBytes());
        }
        most = announced == 0 ? limits.bodyBytes() : (int) announced;
        continueAwaited = HttpUtil.is100ContinueExpected(request);
        return null;
    }

    private static @Nullable Objection objectionToFraming(HttpRequest request) {
        HttpHeaders headers = request.headers();
        if (request.protocolVersion().majorVersion() != 1) {
            return Objection.malformed("The door speaks HTTP/1.1 and HTTP/1.0 only.");
        }
        if (headers.contains(HttpHeaderNames.TRANSFER_ENCODING)) {
            List<String> codings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
            if (codings.size() > 1 || !HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(codings.getFirst())) {
                return Objection.malformed("The only transfer-encoding that is understood is chunked, once.");
            }
        }
        int hosts = headers.getAll(HttpHeaderNames.HOST).size();
        if (hosts > 1 || hosts == 0 && request.protocolVersion().isKeepAliveDefault()) {
            return Objection.malformed("A request needs one host header (RFC 9112, 3.2).");
        }
        return null;
    }

    private @Nullable Arrival append(HttpContent content, HttpRequest request) {
        ByteBuf bytes = content.content();
        int more = bytes.readableBytes();
        if (more > limits.bodyBytes() - size) {
            return refuse(Objection.bodyTooLarge(limits.bodyBytes()));
        }
        if (more > 0) {
            continueAwaited = false;
            if (!makeRoom(size + more)) {
                return refuse(Objection.OVERLOADED);
            }
            bytes.readBytes(body, size, more);
            size += more;
        }
        return content instanceof LastHttpContent ? complete(request) : null;
    }

    /** Grows with what has come, not with what was announced: announcing costs the client nothing. */
    private boolean makeRoom(int needed) {
        return needed <= body.length || resize((int) Math.min(most, Math.max(needed, 2L * body.length)));
    }

    private boolean resize(int bytes) {
        if (bytes > body.length && !traffic.hold(bytes - body.length)) {
            return false;
        }
        if (bytes != body.length) {
            byte[] resized = size == 0 ? new byte[bytes] : Arrays.copyOf(body, bytes);
            traffic.letGo(Math.max(0, body.length - bytes));
            body = resized;
        }
        return true;
    }

    private void drop() {
        traffic.letGo(body.length);
        body = NOTHING;
        size = 0;
    }

    private Arrival complete(HttpRequest request) {
        resize(size);
        try {
            Complete complete = new Complete(new DoorRequest(request, body, requestId, remoteAddress));
            head = null;
            requestId = "";
            body = NOTHING;
            size = 0;
            continueAwaited = false;
            return complete;
        } catch (IllegalArgumentException e) {
            return refuse(Objection.malformed(String.valueOf(e.getMessage())));
        }
    }

    private Arrival malformed(HttpObject piece, Throwable failure) {
        if (head == null) {
            head = piece instanceof HttpRequest request ? request : null;
            requestId = RequestIds.from(head == null ? null : head.headers().get(REQUEST_ID));
        }
        return refuse(Objection.to(failure, limits));
    }
}

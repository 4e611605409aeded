package dev.caravan.door;

import dev.caravan.chat.ChatError;
import dev.caravan.chat.ErrorCode;
import dev.caravan.door.Arrival.Complete;
import dev.caravan.door.Arrival.Refused;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts requests together from the pieces that the decoder finds on one connection, and tells what is wrong with those that
 * cannot be. After the first refusal it reads nothing more, since it is lost where the next request begins. It keeps none
 * of the buffers it is shown. For one event loop.
 */
final class RequestReader {

    static final String REQUEST_ID = "x-request-id";

    private static final int LONGEST_LINE = 8 * 1024;
    private static final int LONGEST_HEADERS = 32 * 1024;
    private static final int LARGEST_PIECE = 64 * 1024;
    private static final byte[] NOTHING = {};

    private final int maxBodyBytes;
    private final String remoteAddress;

    private @Nullable HttpRequest head;
    private String requestId = "";
    private byte[] body = NOTHING;
    private int size;
    private boolean continueAwaited;
    private boolean deaf;

    RequestReader(int maxBodyBytes, String remoteAddress) {
        this.maxBodyBytes = maxBodyBytes;
        this.remoteAddress = remoteAddress;
    }

    /** The decoder whose pieces this reads. */
    static HttpRequestDecoder decoder() {
        return new HttpRequestDecoder(new HttpDecoderConfig()
                .setMaxInitialLineLength(LONGEST_LINE)
                .setMaxHeaderSize(LONGEST_HEADERS)
                .setMaxChunkSize(LARGEST_PIECE));
    }

    /** Takes one more piece in; the request or refusal that it completes, if any. */
    @Nullable
    Arrival read(HttpObject piece) {
        if (deaf) {
            return null;
        }
        if (piece.decoderResult().isFailure()) {
            return malformed(piece);
        }
        if (piece instanceof HttpRequest request) {
            ChatError objection = begin(request);
            if (objection != null) {
                return refuse(objection, request);
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

    private @Nullable ChatError begin(HttpRequest request) {
        head = request;
        requestId = RequestIds.from(request.headers().get(REQUEST_ID));
        body = NOTHING;
        size = 0;
        ChatError objection = objectionToFraming(request);
        if (objection != null) {
            return objection;
        }
        String expectation = request.headers().get(HttpHeaderNames.EXPECT);
        if (expectation != null && !HttpHeaderValues.CONTINUE.contentEqualsIgnoreCase(expectation)) {
            return ChatError.invalid(null, "No expectation but 100-continue can be met.")
                    .withStatus(417);
        }
        long announced = HttpUtil.getContentLength(request, 0L);
        if (announced > maxBodyBytes) {
            return tooLarge();
        }
        body = announced == 0 ? NOTHING : new byte[(int) Math.min(announced, LARGEST_PIECE)];
        continueAwaited = HttpUtil.is100ContinueExpected(request);
        return null;
    }

    private static @Nullable ChatError objectionToFraming(HttpRequest request) {
        HttpHeaders headers = request.headers();
        if (request.protocolVersion().majorVersion() != 1) {
            return ChatError.invalid(null, "The door speaks HTTP/1.1 and HTTP/1.0 only.");
        }
        if (headers.contains(HttpHeaderNames.TRANSFER_ENCODING)) {
            List<String> codings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
            if (codings.size() > 1 || !HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(codings.getFirst())) {
                return ChatError.invalid(null, "The only transfer-encoding that is understood is chunked.");
            }
        }
        int hosts = headers.getAll(HttpHeaderNames.HOST).size();
        if (hosts > 1 || hosts == 0 && request.protocolVersion().isKeepAliveDefault()) {
            return ChatError.invalid(null, "A request needs one host header (RFC 9112, 3.2).");
        }
        return null;
    }

    private @Nullable Arrival append(HttpContent content, HttpRequest request) {
        ByteBuf bytes = content.content();
        int more = bytes.readableBytes();
        if (more > maxBodyBytes - size) {
            return refuse(tooLarge(), request);
        }
        if (more > 0) {
            continueAwaited = false;
            makeRoom(size + more);
            bytes.readBytes(body, size, more);
            size += more;
        }
        return content instanceof LastHttpContent ? complete(request) : null;
    }

    /** Grows with what has come, not with what was announced: announcing costs the client nothing. */
    private void makeRoom(int needed) {
        if (needed > body.length) {
            body = Arrays.copyOf(body, (int) Math.min(maxBodyBytes, Math.max(needed, 2L * body.length)));
        }
    }

    private Arrival complete(HttpRequest request) {
        byte[] whole = size == body.length ? body : Arrays.copyOf(body, size);
        head = null;
        body = NOTHING;
        continueAwaited = false;
        try {
            return new Complete(new DoorRequest(request, whole, requestId, remoteAddress));
        } catch (IllegalArgumentException e) {
            return refuse(ChatError.invalid(null, String.valueOf(e.getMessage())), request);
        }
    }

    private Arrival malformed(HttpObject piece) {
        Throwable cause = piece.decoderResult().cause();
        HttpRequest begun = head;
        if (begun == null) {
            begun = piece instanceof HttpRequest request ? request : null;
            requestId = RequestIds.from(begun == null ? null : begun.headers().get(REQUEST_ID));
        }
        ChatError error = switch (cause) {
            case TooLongHttpLineException tooLong ->
                ChatError.of(ErrorCode.TOO_LARGE, "The request line is longer than %,d bytes.".formatted(LONGEST_LINE))
                        .withStatus(414);
            case TooLongHttpHeaderException tooLong ->
                ChatError.of(ErrorCode.TOO_LARGE, "The headers are longer than %,d bytes.".formatted(LONGEST_HEADERS))
                        .withStatus(431);
            default -> ChatError.invalid(null, "This is not HTTP/1.1: the request cannot be read.");
        };
        return refuse(error, begun);
    }

    private ChatError tooLarge() {
        return ChatError.of(ErrorCode.TOO_LARGE, "The body is larger than %,d bytes.".formatted(maxBodyBytes));
    }

    private Refused refuse(ChatError error, @Nullable HttpRequest request) {
        deaf = true;
        head = null;
        body = NOTHING;
        continueAwaited = false;
        return new Refused(error, requestId, request != null && request.method().equals(HttpMethod.HEAD));
    }
}

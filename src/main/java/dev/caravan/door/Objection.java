package dev.caravan.door;

import dev.caravan.chat.ChatError;
import dev.caravan.chat.ErrorCode;
import io.netty.handler.codec.http.ContentLengthNotAllowedException;
import io.netty.handler.codec.http.InvalidChunkExtensionException;
import io.netty.handler.codec.http.InvalidChunkTerminationException;
import io.netty.handler.codec.http.InvalidLineSeparatorException;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.codec.http.TransferEncodingNotAllowedException;
import java.time.Duration;

/** What a door has against a request. */
record Objection(RefusalReason reason, ChatError error) {

    /** The request line's, in bytes. */
    static final int LONGEST_LINE = 8 * 1024;

    static final int MOST_HEADERS = 256;

    private static final Duration SOON = Duration.ofSeconds(1);

    static final Objection PLAIN_HTTP =
            new Objection(RefusalReason.PLAIN_HTTP, ChatError.invalid(null, "This port speaks TLS only: use https."));

    static final Objection DRAINING = unavailable(
            RefusalReason.DRAINING, "The broker is stopping and takes no new requests: ask again, elsewhere or soon.");

    static final Objection OVERLOADED = unavailable(
            RefusalReason.OVERLOADED, "The broker has as many requests in flight as it may: ask again soon.");

    static final Objection TOO_MANY_CONNECTIONS = unavailable(
            RefusalReason.TOO_MANY_CONNECTIONS, "The broker has as many connections as it may: ask again soon.");

    static final Objection TOO_MANY_HEADERS = new Objection(
            RefusalReason.HEADERS_TOO_LARGE,
            ChatError.of(ErrorCode.TOO_LARGE, "There are more than " + MOST_HEADERS + " headers.")
                    .withStatus(431));

    static final Objection EXPECTATION = new Objection(
            RefusalReason.EXPECTATION,
            ChatError.invalid(null, "No expectation but 100-continue can be met.")
                    .withStatus(417));

    static Objection malformed(String sentence) {
        return new Objection(RefusalReason.MALFORMED, ChatError.invalid(null, sentence));
    }

    static Objection bodyTooLarge(int limit) {
        return new Objection(
                RefusalReason.BODY_TOO_LARGE,
                ChatError.of(ErrorCode.TOO_LARGE, "The body is larger than %,d bytes.".formatted(limit)));
    }

    static Objection slow(RefusalReason reason, String sentence) {
        return new Objection(
                reason,
                ChatError.of(ErrorCode.TIMEOUT, sentence).withStatus(408).withCause(reason.text()));
    }

    /** What was wrong when the decoder failed. */
    static Objection to(Throwable failure, DoorLimits limits) {
        return switch (failure) {
            case Raised raised -> raised.objection();
            case TooLongHttpLineException _ ->
                new Objection(
                        RefusalReason.TARGET_TOO_LONG,
                        ChatError.of(
                                        ErrorCode.TOO_LARGE,
                                        "The request line is longer than %,d bytes.".formatted(LONGEST_LINE))
                                .withStatus(414));
            case TooLongHttpHeaderException _ ->
                new Objection(
                        RefusalReason.HEADERS_TOO_LARGE,
                        ChatError.of(
                                        ErrorCode.TOO_LARGE,
                                        "The headers are longer than %,d bytes.".formatted(limits.headerBytes()))
                                .withStatus(431));
            default -> malformed(sentence(failure));
        };
    }

    private static String sentence(Throwable failure) {
        return switch (failure) {
            case InvalidLineSeparatorException _ ->
                "This is not HTTP/1.1: lines end with CR LF, and none begins with a control character.";
            case ContentLengthNotAllowedException _ ->
                "A request has either a content-length or a transfer-encoding, not both.";
            case TransferEncodingNotAllowedException _ -> "Only HTTP/1.1 has a transfer-encoding.";
            case InvalidChunkTerminationException _ -> "A chunk does not end where its size says.";
            case InvalidChunkExtensionException _ -> "The line of a chunk's size is not well-formed.";
            default ->
                "This is not HTTP/1.1: the request cannot be read, as its method, its version, the name or value of a"
                        + " header, or its content-length is not well-formed.";
        };
    }

    private static Objection unavailable(RefusalReason reason, String sentence) {
        return new Objection(
                reason,
                ChatError.of(ErrorCode.SERVICE_UNAVAILABLE, sentence)
                        .withCause(reason.text())
                        .withRetryAfter(SOON));
    }

    /** An objection on its way through Netty's decoder, where only exceptions travel. */
    static final class Raised extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final transient Objection objection;

        Raised(Objection objection) {
            super(objection.error().message(), null, false, false);
            this.objection = objection;
        }

        Objection objection() {
            return objection;
        }
    }
}

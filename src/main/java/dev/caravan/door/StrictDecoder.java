package dev.caravan.door;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpConstants;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AsciiString;
import io.netty.util.ByteProcessor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Netty's decoder, and before it a look at what that reads more leniently than others may: folded lines, other bytes than
 * spaces within the request line, several lengths in HTTP/1.0, more than digits in a chunk's size. Where two programs on
 * one connection do not agree on where a request ends, one client's bytes become another's request.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-11.2">RFC 9112, 11.2, request smuggling</a>
 */
final class StrictDecoder extends HttpRequestDecoder {

    private enum At {
        HEAD,
        BODY,
        CHUNK_SIZE,
        CHUNK,
        TRAILER,
        LOST
    }

    private static final int LARGEST_PIECE = 64 * 1024;
    private static final int LONGEST_SIZE_LINE = 256;
    private static final int MOST_DIGITS = 8;
    private static final AsciiString CONTENT_LENGTH = AsciiString.cached("content-length:");
    private static final ByteProcessor VISIBLE = value -> value > ' ' && value <= '~';
    private static final int LOWER_CASE = 0x20;
    private static final int CRLF = 2;

    private At at = At.HEAD;
    private boolean begun;
    private boolean partial;
    private int headers;
    private int lengths;
    private long left;

    StrictDecoder(DoorLimits limits) {
        super(new HttpDecoderConfig()
                .setMaxInitialLineLength(Objection.LONGEST_LINE)
                .setMaxHeaderSize(limits.headerBytes())
                .setMaxChunkSize(LARGEST_PIECE)
                .setStrictLineParsing(true)
                .setUseRfc9112TransferEncoding(true)
                .setAllowDuplicateContentLengths(false));
    }

    /** Whether a request has begun whose headers are not complete. */
    boolean isMidHead() {
        return at == At.HEAD && (begun || partial);
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws Exception {
        if (at == At.LOST) {
            in.skipBytes(in.readableBytes());
            return;
        }
        Objection objection = switch (at) {
            case HEAD, TRAILER -> objectionToLines(in);
            case CHUNK_SIZE -> objectionToSize(in);
            case BODY, CHUNK, LOST -> null;
        };
        if (objection != null) {
            in.skipBytes(in.readableBytes());
            out.add(refused(objection));
            at = At.LOST;
            return;
        }
        int from = in.readerIndex();
        int known = out.size();
        super.decode(context, in, out);
        if (at == At.CHUNK_SIZE || at == At.CHUNK) {
            followChunk(in.readerIndex() - from);
        }
        for (int i = known; i < out.size(); i++) {
            follow((HttpObject) out.get(i));
        }
        partial = in.isReadable();
    }

    private void follow(HttpObject piece) {
        if (piece.decoderResult().isFailure()) {
            at = At.LOST;
        } else if (piece instanceof HttpRequest request) {
            at = HttpUtil.isTransferEncodingChunked(request) ? At.CHUNK_SIZE : At.BODY;
            begun = false;
            headers = 0;
            lengths = 0;
        } else if (piece instanceof LastHttpContent) {
            at = At.HEAD;
            begun = false;
            headers = 0;
        }
    }

    /** Netty reads a line with a size, the bytes it announces and the line end behind them, as far as they have come. */
    private void followChunk(int consumed) {
        if (consumed > 0 && at == At.CHUNK_SIZE) {
            at = left == 0 ? At.TRAILER : At.CHUNK;
            // The headers' lines are behind us: the first of a trailer is no request line.
            begun = true;
        }
        if (at == At.CHUNK) {
            left -= consumed;
            if (left == 0) {
                at = At.CHUNK_SIZE;
            }
        }
    }

    /** Looks at every line that is complete, each once: those are what Netty consumes. */
    private @Nullable Objection objectionToLines(ByteBuf in) {
        int end = in.writerIndex();
        int start = begun ? in.readerIndex() : pastEmptyLines(in);
        while (start < end) {
            byte first = in.getByte(start);
            if (first == HttpConstants.SP || first == HttpConstants.HT) {
                return Objection.malformed(
                        "No line of a request's head may begin with a space: headers are not folded.");
            }
            int lf = in.indexOf(start, end, HttpConstants.LF);
            if (lf < 0 || begun && lf - start < CRLF) {
                return null;
            }
            Objection objection = begun ? objectionToHeader(in, start, lf) : objectionToRequestLine(in, start, lf);
            if (objection != null) {
                return objection;
            }
            begun = true;
            start = lf + 1;
        }
        return null;
    }

    private static int pastEmptyLines(ByteBuf in) {
        int start = in.readerIndex();
        while (start < in.writerIndex()
                && (in.getByte(start) == HttpConstants.CR || in.getByte(start) == HttpConstants.LF)) {
            start++;
        }
        return start;
    }

    private static @Nullable Objection objectionToRequestLine(ByteBuf in, int start, int lf) {
        int end = lf - 1;
        int spaces = 0;
        for (int i = pastVisible(in, start, end); i < end; i = pastVisible(in, i + 1, end)) {
            if (in.getByte(i) != HttpConstants.SP) {
                return Objection.malformed("The request line may hold visible ASCII characters only:"
                        + " write others as percent escapes of their UTF-8.");
            }
            spaces++;
        }
        return spaces == 2
                ? null
                : Objection.malformed("This is not HTTP/1.1: a request begins with a line of the form"
                        + " 'METHOD /path HTTP/1.1', with single spaces.");
    }

    private static int pastVisible(ByteBuf in, int start, int end) {
        int index = start < end ? in.forEachByte(start, end - start, VISIBLE) : -1;
        return index < 0 ? end : index;
    }

    private @Nullable Objection objectionToHeader(ByteBuf in, int start, int lf) {
        headers++;
        if (headers > Objection.MOST_HEADERS) {
            return Objection.TOO_MANY_HEADERS;
        }
        byte first = in.getByte(start);
        if ((first == 'c' || first == 'C') && at == At.HEAD && isLength(in, start, lf)) {
            lengths++;
            if (lengths > 1) {
                return Objection.malformed("A request has one content-length at most.");
            }
        }
        return null;
    }

    private static boolean isLength(ByteBuf in, int start, int lf) {
        if (lf - start < CONTENT_LENGTH.length()) {
            return false;
        }
        for (int i = 0; i < CONTENT_LENGTH.length(); i++) {
            if ((in.getByte(start + i) | LOWER_CASE) != CONTENT_LENGTH.byteAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** A size is hexadecimal digits; behind them only an extension may follow. Remembers how much belongs to the chunk. */
    private @Nullable Objection objectionToSize(ByteBuf in) {
        int start = in.readerIndex();
        int lf = in.indexOf(start, in.writerIndex(), HttpConstants.LF);
        if (lf < 0 ? in.readableBytes() > LONGEST_SIZE_LINE : lf - start > LONGEST_SIZE_LINE) {
            return Objection.malformed("The line of a chunk's size is longer than " + LONGEST_SIZE_LINE + " bytes.");
        }
        if (lf < 0) {
            return null;
        }
        long size = 0;
        int i = start;
        for (int digit = digit(in, i); digit >= 0; digit = digit(in, i)) {
            size = size * 16 + digit;
            i++;
            if (i - start > MOST_DIGITS) {
                return notASize();
            }
        }
        int digits = i - start;
        while (in.getByte(i) == HttpConstants.SP || in.getByte(i) == HttpConstants.HT) {
            i++;
        }
        boolean bare = i - start == digits && i == lf - 1 && in.getByte(i) == HttpConstants.CR;
        if (digits == 0 || size > Integer.MAX_VALUE || !bare && in.getByte(i) != ';') {
            return notASize();
        }
        left = size == 0 ? 0 : lf + 1 - start + size + CRLF;
        return null;
    }

    private static int digit(ByteBuf in, int index) {
        return Character.digit(in.getByte(index), 16);
    }

    private static Objection notASize() {
        return Objection.malformed("A chunk's size is one to eight hexadecimal digits, up to 7fffffff.");
    }

    private HttpObject refused(Objection objection) {
        DecoderResult failure = DecoderResult.failure(new Objection.Raised(objection));
        if (at == At.HEAD) {
            HttpMessage message = createInvalidMessage();
            message.setDecoderResult(failure);
            return message;
        }
        DefaultLastHttpContent last = new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER);
        last.setDecoderResult(failure);
        return last;
    }
}

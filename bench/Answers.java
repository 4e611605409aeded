package bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;

/** What the mock upstream says, ready to be written to a socket. */
final class Answers {

    static final byte[] MODELS = whole("{\"object\":\"list\",\"data\":[]}");

    static final byte[] STREAM_HEAD = """
            HTTP/1.1 200 OK\r
            content-type: text/event-stream; charset=utf-8\r
            transfer-encoding: chunked\r
            \r
            """.getBytes(US_ASCII);

    private static final String ID = "{\"id\":\"chatcmpl-000000000000\",";
    private static final String USAGE = "\"usage\":{\"prompt_tokens\":32,\"completion_tokens\":9,\"total_tokens\":41}}";
    private static final byte[] WHOLE = whole(ID
            + "\"object\":\"chat.completion\",\"created\":1760000000,\"model\":\"mock\",\"choices\":[{\"index\":0,"
            + "\"message\":{\"role\":\"assistant\",\"content\":\"You asked bench-000000000000 and that is a fine "
            + "thing to ask.\",\"refusal\":null},\"logprobs\":null,\"finish_reason\":\"stop\"}]," + USAGE);
    private static final String CHUNK =
            ID + "\"object\":\"chat.completion.chunk\",\"created\":1760000000,\"model\":\"mock\",\"choices\":[";
    private static final byte[] PIECE = chunk("data: " + CHUNK
            + "{\"index\":0,\"delta\":{\"content\":\" bench-000000000000\"},\"finish_reason\":null}]}\n\n");
    private static final String LAST = "data: " + CHUNK + "{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
    private static final String LAST_USAGE = "data: " + CHUNK + "]," + USAGE + "\n\n";
    private static final String DONE = "data: [DONE]\n\n";
    private static final byte[] END = "0\r\n\r\n".getBytes(US_ASCII);
    private static final byte[] STREAM_END = join(chunk(LAST + DONE), END);
    private static final byte[] STREAM_END_WITH_USAGE = join(chunk(LAST + LAST_USAGE + DONE), END);

    private static final byte[] ID_PREFIX = "chatcmpl-".getBytes(US_ASCII);

    private Answers() {}

    /** A response in one. */
    static byte[] whole(long number) {
        return numbered(WHOLE, number);
    }

    /** One piece of a stream. */
    static byte[] piece(long number) {
        return numbered(PIECE, number);
    }

    /** All that follows the last piece. */
    static byte[] streamEnd(long number, boolean includeUsage) {
        return numbered(includeUsage ? STREAM_END_WITH_USAGE : STREAM_END, number);
    }

    private static byte[] numbered(byte[] template, long number) {
        var bytes = template.clone();
        var id = Mark.find(bytes, 0, bytes.length, ID_PREFIX);
        Mark.write(number, bytes, id + ID_PREFIX.length);
        var mark = Mark.find(bytes, id, bytes.length);
        if (mark >= 0) {
            Mark.write(number, bytes, mark + Mark.PREFIX.length);
        }
        return bytes;
    }

    private static byte[] whole(String json) {
        return ("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: " + json.length() + "\r\n\r\n"
                        + json)
                .getBytes(US_ASCII);
    }

    private static byte[] chunk(String data) {
        return (Integer.toHexString(data.length()) + "\r\n" + data + "\r\n").getBytes(US_ASCII);
    }

    private static byte[] join(byte[] first, byte[] second) {
        var joined = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, joined, first.length, second.length);
        return joined;
    }
}

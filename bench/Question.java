package bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;

/** The request of one connection, written once and then changed in its mark alone. */
final class Question {

    private static final String FILLER = "what would you say to somebody who asks the same thing all day long, ";

    private final ByteBuffer bytes;
    private final int digits;
    private final byte[] number = new byte[Mark.DIGITS];

    Question(Plan plan) {
        var prompt = new StringBuilder("bench-000000000000 ");
        while (prompt.length() < plan.promptBytes()) {
            prompt.append(FILLER, 0, Math.min(FILLER.length(), plan.promptBytes() - prompt.length()));
        }
        var body = "{\"model\":\"" + plan.model() + "\",\"messages\":[{\"role\":\"system\",\"content\":\"Be brief.\"},"
                + "{\"role\":\"user\",\"content\":\"" + prompt + "\"}],\"temperature\":0.7"
                + (plan.stream() ? ",\"stream\":true}" : "}");
        var head = "POST " + plan.path() + " HTTP/1.1\r\nHost: " + plan.host() + ":" + plan.port()
                + "\r\nAccept: application/json\r\nContent-Type: application/json\r\nUser-Agent: caravan-bench\r\n"
                + String.join(
                        "", plan.headers().stream().map(line -> line + "\r\n").toList())
                + "Content-Length: " + body.length() + "\r\n\r\n";
        var request = (head + body).getBytes(US_ASCII);
        digits = Mark.find(request, head.length(), request.length) + Mark.PREFIX.length;
        bytes = ByteBuffer.allocateDirect(request.length).put(request);
    }

    /** The request with this mark, to be written from its start. */
    ByteBuffer ask(long mark) {
        Mark.write(mark, number, 0);
        bytes.clear();
        bytes.put(digits, number);
        return bytes;
    }
}

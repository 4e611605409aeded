package dev.caravan.provider.openai;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.caravan.chat.RawObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Writes OpenAI's list of embeddings. A vector that has the wanted format already is copied as it stands; another one is
 * converted by way of the 32-bit floats that base64 holds, whose shortest decimal text reads as the same float again.
 * Used by one thread.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/embeddings/object">the form</a>
 */
final class VectorList {

    private static final JsonFactory NUMBERS = JsonFactory.builder()
            .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
            .build();

    private final boolean encoded;
    private final ByteArrayOutputStream out;
    private final List<RawObject.Member> members = new ArrayList<>(4);
    private int count;

    /**
     * @param encoded whether vectors are wanted in base64, and not as lists of numbers
     * @param size about how long the list becomes, in bytes
     */
    VectorList(boolean encoded, int size) {
        this.encoded = encoded;
        out = new ByteArrayOutputStream(size);
        write("{\"object\":\"list\",\"data\":[");
        members.add(new RawObject.Member("object", 1, 10, 16));
    }

    /** Adds a vector, for the text after the last. */
    void add(byte[] json, VectorAnswer.Vector vector) throws IOException {
        write((count == 0 ? "" : ",") + "{\"object\":\"embedding\",\"index\":" + count + ",\"embedding\":");
        count++;
        var length = vector.end() - vector.start();
        if (vector.encoded() == encoded) {
            out.write(json, vector.start(), length);
        } else if (encoded) {
            out.write('"');
            out.writeBytes(Base64.getEncoder().encode(bytes(json, vector.start(), length)));
            out.write('"');
        } else {
            numbers(json, vector.start(), length);
        }
        out.write('}');
    }

    /** The whole list. */
    RawObject end(String model, long tokens) {
        write("]");
        members.add(new RawObject.Member("data", 17, 24, out.size()));
        member("model", new String(Json.quote(model), UTF_8));
        member("usage", "{\"prompt_tokens\":" + tokens + ",\"total_tokens\":" + tokens + "}");
        write("}");
        return new RawObject(out.toByteArray(), members);
    }

    private void member(String name, String value) {
        write(",");
        var start = out.size();
        write("\"" + name + "\":");
        var valueStart = out.size();
        write(value);
        members.add(new RawObject.Member(name, start, valueStart, out.size()));
    }

    private void write(String text) {
        out.writeBytes(text.getBytes(UTF_8));
    }

    private static byte[] bytes(byte[] json, int start, int length) throws IOException {
        var floats = new ByteArrayOutputStream(length / 2);
        var one = ByteBuffer.allocate(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        try (JsonParser parser = NUMBERS.createParser(json, start, length)) {
            parser.nextToken();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                var number = parser.getFloatValue();
                if (!Float.isFinite(number)) {
                    throw new Json.NotAnObject("a number in it is too large for a float of 32 bits");
                }
                floats.writeBytes(one.putFloat(0, number).array());
            }
        }
        return floats.toByteArray();
    }

    private void numbers(byte[] json, int start, int length) throws IOException {
        ByteBuffer floats;
        try (var parser = NUMBERS.createParser(json, start, length)) {
            parser.nextToken();
            floats = ByteBuffer.wrap(Base64.getDecoder().decode(parser.getText().getBytes(ISO_8859_1)))
                    .order(ByteOrder.LITTLE_ENDIAN);
        } catch (IllegalArgumentException e) {
            throw new Json.NotAnObject("one of its vectors is no base64");
        }
        if (floats.remaining() % Float.BYTES != 0) {
            throw new Json.NotAnObject("one of its vectors is no base64 of 32-bit floats");
        }
        out.write('[');
        for (var first = true; floats.hasRemaining(); first = false) {
            var number = floats.getFloat();
            if (!Float.isFinite(number)) {
                throw new Json.NotAnObject("one of its vectors holds what is no number");
            }
            write(first ? Float.toString(number) : "," + number);
        }
        out.write(']');
    }
}

package dev.caravan.provider.openai;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.caravan.chat.RawObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Walks the members of a JSON object and remembers where each stands. */
final class Json {

    private static final JsonFactory FACTORY = new JsonFactory();

    /** Reads one member's value: called with the parser on its first token, leaves it on its last. */
    interface MemberReader {
        void read(String name, JsonParser parser) throws IOException;
    }

    private Json() {}

    /**
     * Walks a text that holds one object and nothing else.
     *
     * @throws NotAnObject if it holds something else, or a name twice, or is JSON in UTF-16 or UTF-32
     * @throws IOException if it is not JSON, or as {@code reader} does
     */
    static RawObject walk(byte[] json, MemberReader reader) throws IOException {
        try (var parser = FACTORY.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new NotAnObject("it is not a JSON object");
            }
            if (parser.currentTokenLocation().getByteOffset() < 0) {
                throw new NotAnObject("it is not written in UTF-8");
            }
            List<RawObject.Member> members = new ArrayList<>(12);
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                var name = parser.currentName();
                refuseTwice(name, members);
                var start = (int) parser.currentTokenLocation().getByteOffset();
                parser.nextToken();
                var valueStart = (int) parser.currentTokenLocation().getByteOffset();
                reader.read(name, parser);
                parser.finishToken();
                members.add(new RawObject.Member(
                        name, start, valueStart, (int) parser.currentLocation().getByteOffset()));
            }
            if (parser.nextToken() != null) {
                throw new NotAnObject("something follows its end");
            }
            return new RawObject(json, members);
        }
    }

    /** Two readers of one text may otherwise each act on another of the two. */
    private static void refuseTwice(String name, List<RawObject.Member> members) throws NotAnObject {
        for (var member : members) {
            if (member.name().equals(name)) {
                throw new NotAnObject("the field '" + name + "' stands in it twice");
            }
        }
    }

    /** The literal text of each element of a list. */
    static List<byte[]> elements(byte[] list) throws IOException {
        try (var parser = FACTORY.createParser(list)) {
            var elements = new ArrayList<byte[]>();
            parser.nextToken();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                var start = (int) parser.currentTokenLocation().getByteOffset();
                parser.skipChildren();
                parser.finishToken();
                elements.add(Arrays.copyOfRange(
                        list, start, (int) parser.currentLocation().getByteOffset()));
            }
            return elements;
        }
    }

    /** What a text of JSON begins with. */
    static @Nullable JsonToken token(byte[] json) throws IOException {
        try (var parser = FACTORY.createParser(json)) {
            return parser.nextToken();
        }
    }

    /** The string that a text of JSON holds; null for anything else. */
    static @Nullable String text(byte[] json) throws IOException {
        try (var parser = FACTORY.createParser(json)) {
            return parser.nextToken() == JsonToken.VALUE_STRING ? parser.getText() : null;
        }
    }

    /** A text as JSON: quoted, and escaped where it must be. */
    static byte[] quote(String text) {
        var escaped = JsonStringEncoder.getInstance().quoteAsUTF8(text);
        var quoted = new byte[escaped.length + 2];
        quoted[0] = '"';
        System.arraycopy(escaped, 0, quoted, 1, escaped.length);
        quoted[quoted.length - 1] = '"';
        return quoted;
    }

    /** Walks the members of the object on which the parser stands. */
    static void members(JsonParser parser, MemberReader reader) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            var name = parser.currentName();
            parser.nextToken();
            reader.read(name, parser);
        }
    }

    /** The text on which the parser stands; null for anything else, which is passed over. */
    static @Nullable String textOrSkip(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            return parser.getText();
        }
        parser.skipChildren();
        return null;
    }

    /** The whole number on which the parser stands; 0 for anything else, which is passed over. */
    static long longOrSkip(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
            return parser.getLongValue();
        }
        parser.skipChildren();
        return 0;
    }

    /** Well-formed JSON, but not the object that was expected. */
    static final class NotAnObject extends IOException {
        private static final long serialVersionUID = 1;

        NotAnObject(String message) {
            super(message);
        }
    }
}

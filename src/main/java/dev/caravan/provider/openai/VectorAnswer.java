package dev.caravan.provider.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.caravan.chat.RawObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A provider's answer with vectors: where each of them stands in it. No number is looked at, so that none changes, and a
 * large answer takes little time.
 */
final class VectorAnswer {

    /**
     * One vector.
     *
     * @param index which of the texts it belongs to
     * @param start offset of the literal's first byte
     * @param end offset after its last
     * @param encoded whether the literal is a text, which is base64, and no list of numbers
     */
    record Vector(int index, int start, int end, boolean encoded) {}

    private final VectorPlace place;
    private final List<Vector> vectors = new ArrayList<>();
    private boolean inOrder = true;
    private @Nullable Long tokens;
    private String model = "";

    private VectorAnswer(VectorPlace place) {
        this.place = place;
    }

    /**
     * An answer that was read.
     *
     * @param source the whole of it
     * @param vectors in the order of the texts
     * @param inOrder whether they stand in that order, each with its number
     * @param tokens how many tokens the texts have; null where the provider does not say
     * @param model the model's name as the provider gives it; empty where it does not
     */
    record Read(
            RawObject source,
            List<Vector> vectors,
            boolean inOrder,
            @Nullable Long tokens,
            String model) {}

    /** @throws IOException if it is no such answer */
    static Read read(byte[] json, VectorPlace place) throws IOException {
        var answer = new VectorAnswer(place);
        var source = Json.walk(json, (name, parser) -> answer.member(name, parser, 0));
        if (answer.vectors.isEmpty()) {
            throw new Json.NotAnObject("it holds no vectors");
        }
        answer.vectors.sort(Comparator.comparingInt(Vector::index));
        for (var i = 0; i < answer.vectors.size(); i++) {
            if (answer.vectors.get(i).index() != i) {
                throw new Json.NotAnObject("it holds no vector for text " + i + ", or more than one");
            }
        }
        return new Read(source, List.copyOf(answer.vectors), answer.inOrder, answer.tokens, answer.model);
    }

    private void member(String name, JsonParser parser, int depth) throws IOException {
        if (depth == 0 && name.equals("model")) {
            var text = Json.textOrSkip(parser);
            model = text == null ? "" : text;
        } else if (isOn(place.list(), depth, name)) {
            if (depth == place.list().size() - 1) {
                list(parser);
            } else {
                descend(parser, depth);
            }
        } else if (isOn(place.tokens(), depth, name)) {
            if (depth == place.tokens().size() - 1) {
                tokens = parser.currentToken() == JsonToken.VALUE_NUMBER_INT ? Json.longOrSkip(parser) : null;
                parser.skipChildren();
            } else {
                descend(parser, depth);
            }
        } else {
            parser.skipChildren();
        }
    }

    private static boolean isOn(List<String> path, int depth, String name) {
        return depth < path.size() && path.get(depth).equals(name);
    }

    private void descend(JsonParser parser, int depth) throws IOException {
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            Json.members(parser, (name, value) -> member(name, value, depth + 1));
        } else {
            parser.skipChildren();
        }
    }

    private void list(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw new Json.NotAnObject("its vectors are no list");
        }
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() == JsonToken.START_OBJECT) {
                entry(parser);
            } else {
                add(vectors.size(), literal(parser));
            }
        }
    }

    private void entry(JsonParser parser) throws IOException {
        var index = vectors.size();
        Vector found = null;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            var name = parser.currentName();
            parser.nextToken();
            if (name.equals(place.vector())) {
                found = literal(parser);
            } else if (name.equals(place.index())) {
                index = (int) Json.longOrSkip(parser);
            } else {
                parser.skipChildren();
            }
        }
        if (found == null) {
            throw new Json.NotAnObject("one of its entries has no vector");
        }
        add(index, found);
    }

    private void add(int index, Vector vector) {
        inOrder &= index == vectors.size();
        vectors.add(new Vector(index, vector.start(), vector.end(), vector.encoded()));
    }

    private static Vector literal(JsonParser parser) throws IOException {
        var start = (int) parser.currentTokenLocation().getByteOffset();
        var encoded = parser.currentToken() == JsonToken.VALUE_STRING;
        if (encoded) {
            parser.finishToken();
        } else if (parser.currentToken() == JsonToken.START_ARRAY) {
            for (var token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
                if (!token.isNumeric()) {
                    throw new Json.NotAnObject("one of its vectors does not hold numbers alone");
                }
            }
        } else {
            throw new Json.NotAnObject("one of its vectors is neither a list of numbers nor base64");
        }
        return new Vector(0, start, (int) parser.currentLocation().getByteOffset(), encoded);
    }
}

package dev.caravan.simulator;

import dev.caravan.simulator.Wire.Embedding;
import dev.caravan.simulator.Wire.EmbeddingUsage;
import dev.caravan.simulator.Wire.Embeddings;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What the simulator needs to know of a request for vectors.
 *
 * @param model the model asked for
 * @param texts what is to be embedded
 * @param dimensions how long the vectors are to be
 * @param base64 whether they are wanted in base64
 * @param pace the model's own, with what the request says otherwise
 */
record EmbeddingRequest(SimulatedModel model, List<String> texts, int dimensions, boolean base64, Pace pace)
        implements Reading {

    private static final int USUAL_DIMENSIONS = 256;
    private static final int MOST_DIMENSIONS = 4096;

    static Reading read(byte[] json, Map<String, SimulatedModel> models) {
        var body = Wire.parse(json);
        if (body == null || !body.isObject()) {
            return Refusal.invalid(null, null, "The body of the request is not a JSON object.");
        }
        var fields = new Fields(body);
        var name = fields.text("model");
        var texts = Texts.of(fields, "input");
        var dimensions = fields.whole("dimensions", USUAL_DIMENSIONS, 1, MOST_DIMENSIONS);
        var base64 = fields.value("encoding_format").asText().equals("base64");
        var model = models.get(name);
        var pace = CompletionRequest.pace(fields, model == null ? Pace.INSTANT : model.pace());
        if (fields.problem() != null) {
            return fields.problem();
        }
        if (model == null) {
            return Refusal.noSuchModel(name);
        }
        return model.speaks()
                ? Refusal.cannot(model, "embed texts; `sim-embed` does")
                : new EmbeddingRequest(model, texts, dimensions, base64, pace);
    }

    byte[] answer() {
        var data = IntStream.range(0, texts.size())
                .mapToObj(index -> new Embedding("embedding", index, vector(texts.get(index))))
                .toList();
        var tokens = texts.stream().mapToInt(Tokens::count).sum();
        return Wire.bytes(new Embeddings("list", data, model.name(), new EmbeddingUsage(tokens, tokens)));
    }

    private Object vector(String text) {
        var vector = TextVector.of(text, dimensions);
        if (!base64) {
            return vector;
        }
        var bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        return Base64.getEncoder().encodeToString(bytes.array());
    }
}

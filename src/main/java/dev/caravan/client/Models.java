package dev.caravan.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.chat.ChatError;
import dev.caravan.chat.ErrorCode;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;

/** The models that can be asked: {@code GET /models}. Thread-safe. */
public final class Models {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Transport transport;

    Models(Transport transport) {
        this.transport = transport;
    }

    /**
     * All of them.
     *
     * @throws CaravanException if they are not told
     */
    public List<Model> list() {
        return Transport.await(transport.send(
                transport.get("/models"),
                body -> tree(body).path("data").valueStream().map(Models::model).toList()));
    }

    /**
     * One of them.
     *
     * @param id may hold {@code :} and {@code /}
     * @throws CaravanException if there is none of this name, with the code {@code MODEL_NOT_FOUND}
     */
    public Model retrieve(String id) {
        return Transport.await(transport.send(transport.get("/models/" + quoted(id)), body -> model(tree(body))));
    }

    private static String quoted(String id) {
        try {
            return new URI(null, null, "/" + id, null).getRawPath().substring(1);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("a model's name cannot be '" + id + "'", e);
        }
    }

    private static Model model(JsonNode model) {
        return new Model(
                model.path("id").asText(),
                model.path("created").asLong(),
                model.path("owned_by").asText(),
                model.path("provider").textValue());
    }

    private static JsonNode tree(byte[] body) {
        try {
            return JSON.readTree(body);
        } catch (IOException e) {
            var error = ChatError.of(ErrorCode.INFERENCE_FAILED, "What was told of models is not JSON.")
                    .withCause("undecodable");
            throw new CaravanException(error, error.status());
        }
    }
}

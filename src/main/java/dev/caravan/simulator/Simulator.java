package dev.caravan.simulator;

import dev.caravan.door.Door;
import dev.caravan.door.DoorHandler;
import dev.caravan.door.DoorOptions;
import dev.caravan.door.DoorReply;
import dev.caravan.door.DoorRequest;
import dev.caravan.simulator.CompletionRequest.Form;
import dev.caravan.simulator.Wire.Model;
import dev.caravan.simulator.Wire.ModelList;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An OpenAI-compatible provider on a loopback port: {@code POST /v1/chat/completions}, {@code /v1/completions} and {@code
 * /v1/embeddings}, and {@code GET /v1/models}. It asks for no key. A request may carry {@code "simulate": {"delay_ms", "tokens_per_second", "failure_rate", "status", "answer"}} to
 * change the model's pace, or what it says, for itself. Beside its models it has an {@link Oracle} of every accuracy. Safe for use by many threads.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/chat">OpenAI's API reference</a>
 */
public final class Simulator implements AutoCloseable {

    private static final Map<String, String> JSON = Map.of("content-type", "application/json");
    private static final Map<String, String> JSON_AND_RETRY =
            Map.of("content-type", "application/json", "retry-after", "1");

    private final Door door;

    private Simulator(Door door) {
        this.door = door;
    }

    /** Starts to listen on 127.0.0.1; serves until it is closed. */
    public static Simulator start(SimulatorOptions options) {
        var models = new LinkedHashMap<String, SimulatedModel>();
        options.models().forEach(model -> models.put(model.name(), model));
        return new Simulator(Door.open(
                DoorOptions.loopback(options.port()),
                handler(models),
                (error, requestId) -> Refusal.of(error).body()));
    }

    /** The port it listens on. */
    public int port() {
        return door.port();
    }

    /** The base url that a provider of type {@code openai-compatible} is configured with. */
    public String url() {
        return "http://127.0.0.1:" + port() + "/v1";
    }

    /** How many requests it is busy with. */
    public int inFlight() {
        return door.inFlight();
    }

    /** Stops at once; requests in flight are cut off. */
    @Override
    public void close() {
        door.close();
    }

    private static DoorHandler handler(Map<String, SimulatedModel> models) {
        var list = Wire.bytes(new ModelList(
                "list",
                models.keySet().stream()
                        .map(name -> new Model(name, "model", 0, "simulator"))
                        .toList()));
        return (request, reply) -> {
            switch (request.method() + " " + request.path()) {
                case "POST /v1/chat/completions" -> complete(Form.CHAT, request, reply, models);
                case "POST /v1/completions" -> complete(Form.TEXT, request, reply, models);
                case "POST /v1/embeddings" -> embed(request, reply, models);
                case "GET /v1/models" -> reply.send(200, JSON, list);
                default -> refuse(Refusal.noSuchUrl(request.method(), request.path()), reply);
            }
        };
    }

    private static void complete(Form form, DoorRequest request, DoorReply reply, Map<String, SimulatedModel> models) {
        play(CompletionRequest.read(form, request.body(), models), reply);
    }

    private static void embed(DoorRequest request, DoorReply reply, Map<String, SimulatedModel> models) {
        play(EmbeddingRequest.read(request.body(), models), reply);
    }

    private static void play(Reading reading, DoorReply reply) {
        switch (reading) {
            case Refusal refusal -> refuse(refusal, reply);
            case CompletionRequest asked -> new Performance(asked.pace(), reply).play(asked);
            case EmbeddingRequest asked -> new Performance(asked.pace(), reply).play(asked);
        }
    }

    static void refuse(Refusal refusal, DoorReply reply) {
        reply.send(refusal.status(), refusal.status() == 429 ? JSON_AND_RETRY : JSON, refusal.body());
    }

    static void answer(byte[] json, DoorReply reply) {
        reply.send(200, JSON, json);
    }
}

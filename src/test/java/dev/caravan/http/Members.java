package dev.caravan.http;

import static dev.caravan.http.Errors.json;
import static dev.caravan.testing.Providers.completion;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.testing.Providers;
import dev.caravan.testing.ScriptedUpstream;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A provider whose models each do what a test wants of a council's members. */
final class Members implements AutoCloseable {

    private final Map<String, ScriptedUpstream.Script> scripts = new ConcurrentHashMap<>();
    private final Map<String, ScriptedUpstream.Call> last = new ConcurrentHashMap<>();
    private final List<JsonNode> bodies = new CopyOnWriteArrayList<>();
    private final ScriptedUpstream upstream = ScriptedUpstream.start(this::answer);
    private final String provider = Providers.create(upstream.url(), "\"retry\":{\"max_retries\":0}");

    /** A model that does this. */
    Members with(String model, ScriptedUpstream.Script script) {
        scripts.put(model, script);
        return this;
    }

    /** A model that says this. */
    Members saying(String model, String text) {
        return with(model, call -> call.json(200, completion(text)));
    }

    /** A model that says this once another one is asked: who is let go before that is not asked at all. */
    Members sayingAfter(String other, String model, String text) {
        return with(model, call -> {
            await().until(() -> !asked(other).isEmpty());
            call.json(200, completion(text));
        });
    }

    /** A model that says nothing until it is let go. */
    Members silent(String model) {
        return with(model, ScriptedUpstream.Call::awaitClosed);
    }

    /** A model that fails. */
    Members broken(String model) {
        return with(model, call -> call.json(500, "{\"error\":{\"message\":\"out of order\"}}"));
    }

    /** The base url of the provider. */
    String url() {
        return upstream.url();
    }

    /** A model as requests name it. */
    String name(String model) {
        return provider + ":" + model;
    }

    /** Models as a JSON list. */
    String names(String... models) {
        return Stream.of(models).map(model -> '"' + name(model) + '"').collect(Collectors.joining(",", "[", "]"));
    }

    /** What was asked of a model, in order. */
    List<JsonNode> asked(String model) {
        return bodies.stream()
                .filter(body -> body.path("model").asText().equals(model))
                .toList();
    }

    /** The last call of a model. */
    ScriptedUpstream.Call call(String model) {
        return Objects.requireNonNull(last.get(model), model + " was not asked");
    }

    private void answer(ScriptedUpstream.Call call) throws Exception {
        var body = json(call.body());
        var model = body.path("model").asText();
        bodies.add(body);
        last.put(model, call);
        var script = scripts.get(model);
        if (script == null) {
            call.json(404, "{\"error\":{\"message\":\"no such model\"}}");
        } else {
            script.answer(call);
        }
    }

    @Override
    public void close() {
        upstream.close();
    }
}

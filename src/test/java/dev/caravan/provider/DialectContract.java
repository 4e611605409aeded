package dev.caravan.provider;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.chat.Operation;
import dev.caravan.chat.Outcome;
import dev.caravan.provider.openai.CompletionWriter;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What every dialect does, told by golden files: {@code src/test/golden/README.md} says which there are. */
public abstract class DialectContract extends StreamContract {

    protected DialectContract(String dialect, StreamForm form, ProviderCodec codec) {
        this(dialect, Operation.CHAT, form, codec);
    }

    /** The same for another operation than chats. */
    protected DialectContract(String dialect, Operation operation, StreamForm form, ProviderCodec codec) {
        super(new GoldenFolder(dialect, operation), form, codec);
    }

    /** What follows the base url; the model is called {@code upstream-model}. */
    protected abstract String path(boolean stream);

    /** The same for one case, where it depends on what is asked. */
    protected String path(String name, boolean stream) {
        return path(stream);
    }

    /** How the provider is told the key {@code sk-secret}, and whatever else it asks for. */
    protected abstract Map<String, String> headers();

    /** The same, where a stream is asked for in a header. */
    protected Map<String, String> headers(boolean stream) {
        return headers();
    }

    /** The required answers, streams and errors that the vendor never gives, by name, and why it does not. */
    protected Map<String, String> never() {
        return Map.of();
    }

    @Test
    @DisplayName("D2 The dialect has every case that all dialects have")
    protected void required() {
        var never = never().keySet();
        var required = new HashSet<String>();
        var cases = RequiredCases.of(golden.operation());
        golden.commonRequests()
                .forEach(name -> required.add(
                        name + (golden.has(name + ".impossible.json") ? ".impossible.json" : ".upstream.json")));
        add(required, cases.answers(), ".answer.json");
        add(required, cases.streams(), form.kind());
        add(required, cases.errors(), ".error.json");

        assertThat(required)
                .filteredOn(file -> !never.contains(file.substring(0, file.indexOf('.'))))
                .filteredOn(file -> !golden.has(file))
                .isEmpty();
        assertThat(never)
                .allMatch(name -> List.of(".answer.json", form.kind(), ".error.json").stream()
                        .noneMatch(kind -> golden.has(name + kind)));
    }

    @TestFactory
    protected Stream<DynamicTest> requests() {
        return golden.requests().stream()
                .map(name -> dynamicTest("B1 " + name + ": the provider gets", () -> {
                    var request = golden.request(name);
                    var encoded = codec.encode(request, UPSTREAM_MODEL, KEY);
                    if (!encoded.isPossible()) {
                        golden.check(name + ".impossible.json", unsupported(encoded));
                        return;
                    }

                    assertThat(encoded.call().path()).isEqualTo(path(name, request.stream()));
                    assertThat(encoded.call().headers()).isEqualTo(headers(request.stream()));
                    golden.check(
                            name + ".upstream.json",
                            GoldenFolder.parsed(encoded.call().body()));
                    var unsupported = name + ".unsupported.json";
                    if (!encoded.unsupported().isEmpty() || golden.has(unsupported)) {
                        golden.check(unsupported, unsupported(encoded));
                    }
                }));
    }

    @TestFactory
    protected Stream<DynamicTest> answers() {
        return golden.cases(".answer.json").stream()
                .map(name -> dynamicTest("B1 " + name + ": the caller gets", () -> {
                    var outcome = codec.decode(golden.request(name), golden.bytes(name + ".answer.json"), KEY);

                    golden.check(name + ".response.json", told(golden.operation(), outcome));
                }));
    }

    @TestFactory
    protected Stream<DynamicTest> errors() {
        return golden.cases(".error.json").stream()
                .map(name -> dynamicTest("B10 " + name + ": the caller gets", () -> {
                    var file = golden.tree(name + ".error.json");
                    var told = Transcript.told(codec.error("upstream", answer(file.path("provider")), KEY));

                    assertThat(told.toPrettyString())
                            .isEqualTo(file.path("caller").toPrettyString());
                    assertThat(told.toString()).doesNotContain(KEY);
                }));
    }

    @Test
    @DisplayName("A4 Without a key the provider gets no header that is empty")
    protected void noKey() {
        var call = codec.encode(golden.request("basic"), UPSTREAM_MODEL, null).call();

        assertThat(call.headers().values()).noneMatch(value -> value.isBlank() || value.contains("null"));
        assertThat(call.toString()).doesNotContain("moon");
    }

    private static void add(Set<String> files, List<String> names, String kind) {
        names.forEach(name -> files.add(name + kind));
    }

    private static JsonNode told(Operation operation, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Answered(var response) ->
                Scrubbed.of(GoldenFolder.parsed(
                        CompletionWriter.whole(operation, response, "chatcmpl-fresh", "fast", "upstream", 12)));
            case Outcome.Failed(var error) -> Transcript.told(error);
            case Outcome.Streaming _ -> throw new AssertionError("a body is no stream");
        };
    }

    private static JsonNode unsupported(EncodedCall encoded) {
        var all = GoldenFolder.JSON.createArrayNode();
        encoded.unsupported()
                .forEach(each -> all.addObject()
                        .put("field", each.field())
                        .put("why", each.why())
                        .put("essential", each.essential()));
        return all;
    }

    private static HttpAnswer answer(JsonNode given) {
        var headers = new HashMap<String, String>();
        given.path("headers")
                .properties()
                .forEach(each -> headers.put(each.getKey(), each.getValue().asText()));
        var body = given.path("body");
        return new HttpAnswer(
                given.path("status").asInt(),
                headers,
                (body.isTextual() ? body.asText() : body.toString()).getBytes(UTF_8));
    }
}

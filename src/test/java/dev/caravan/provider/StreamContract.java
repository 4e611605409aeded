package dev.caravan.provider;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.caravan.chat.Outcome;
import dev.caravan.chat.StreamEvent;
import dev.caravan.provider.openai.ChatRequestReader;
import dev.caravan.provider.openai.CompletionWriter;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.HashSet;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/** The part of the contract that is about streams, however they arrive, and about bytes that somebody spoilt. */
@Timeout(60)
abstract class StreamContract {

    static final String UPSTREAM_MODEL = "upstream-model";
    static final String KEY = "sk-secret";
    private static final int MUTATIONS = 300;

    final GoldenFolder golden;
    final StreamForm form;
    final ProviderCodec codec;
    private final Mutations mutations = new Mutations(KEY);

    StreamContract(GoldenFolder golden, StreamForm form, ProviderCodec codec) {
        this.golden = golden;
        this.form = form;
        this.codec = codec;
    }

    @TestFactory
    protected Stream<DynamicTest> streams() {
        return eachStream("B2", "the caller gets", name -> {
            var transcript = read(name, new ByteArrayInputStream(bytes(name)));

            golden.check(name + ".chunks.json", transcript.events(name.endsWith("with-usage")));
        });
    }

    @TestFactory
    protected Stream<DynamicTest> chunks() {
        return eachStream("B13", "SDKs can put it together", name -> {
            var begun = new HashSet<String>();
            var ids = new HashSet<String>();
            for (var chunk : read(name, new ByteArrayInputStream(bytes(name))).chunks()) {
                ids.add(chunk.id());
                assertThat(chunk.source().value("created")).isPresent();
                for (var choice : GoldenFolder.parsed(chunk.source().toBytes()).path("choices")) {
                    var index = choice.path("index").asText();
                    assertThat(choice.at("/delta/role").asText())
                            .isEqualTo(
                                    begun.add(index)
                                            ? "assistant"
                                            : choice.at("/delta/role").asText());
                    for (var call : choice.at("/delta/tool_calls")) {
                        assertThat(call.path("index").isInt()).isTrue();
                        if (begun.add(index + " call " + call.path("index"))) {
                            assertThat(call.path("id").asText()).isNotEmpty();
                            assertThat(call.path("type").asText()).isEqualTo("function");
                            assertThat(call.at("/function/name").asText()).isNotEmpty();
                        }
                        assertThat(call.at("/function/arguments").isTextual()).isTrue();
                    }
                }
            }
            assertThat(ids).hasSizeLessThan(2).doesNotContain(""); // none where it fails at once
        });
    }

    @Test
    @DisplayName("D3 The plain stream says something that takes four bytes in UTF-8")
    protected void wideCharacters() {
        assertThat(new String(bytes("stream"), UTF_8).codePoints()).anyMatch(Character::isSupplementaryCodePoint);
    }

    @TestFactory
    protected Stream<DynamicTest> cuts() {
        return eachStream("D3", "is the same however it is cut into reads", name -> {
            var bytes = bytes(name);
            var expected = events(name, new ByteArrayInputStream(bytes));

            assertThat(events(name, new OneByOne(bytes))).isEqualTo(expected);
            for (var at = 0; at <= bytes.length; at++) {
                var parts = new SequenceInputStream(
                        new ByteArrayInputStream(bytes, 0, at), new ByteArrayInputStream(bytes, at, bytes.length - at));
                assertThat(events(name, parts)).as("cut at %d", at).isEqualTo(expected);
            }
        });
    }

    @TestFactory
    protected Stream<DynamicTest> variants() {
        return eachStream("D3", "is the same as other servers would write it", name -> {
            var expected = events(name, new ByteArrayInputStream(bytes(name)));

            form.variants(bytes(name)).forEach((what, bytes) -> {
                assertThat(events(name, new ByteArrayInputStream(bytes)))
                        .as(what)
                        .isEqualTo(expected);
                assertThat(events(name, new OneByOne(bytes)))
                        .as(what + ", one by one")
                        .isEqualTo(expected);
            });
        });
    }

    @TestFactory
    protected Stream<DynamicTest> earlyEnds() {
        return eachStream("D3", "is broken when it ends early, and what was said is right", name -> {
            var bytes = bytes(name);
            var whole = read(name, new ByteArrayInputStream(bytes));
            var texts = whole.texts();
            for (var end = 0; end < bytes.length; end++) {
                var part = read(name, new ByteArrayInputStream(bytes, 0, end));
                part.texts()
                        .forEach((what, text) ->
                                assertThat(texts.getOrDefault(what, "")).startsWith(text));
                if (part.done()) {
                    assertThat(part.texts()).as("end at %d", end).isEqualTo(texts);
                    assertThat(part.finishes())
                            .as("end at %d", end)
                            .isNotEmpty()
                            .isEqualTo(whole.finishes());
                }
            }
        });
    }

    @TestFactory
    protected Stream<DynamicTest> spoiltStreams() {
        return eachStream("D3", "comes to an end, spoilt as it may be", name -> {
            for (var i = 0; i < MUTATIONS; i++) {
                var transcript = read(name, new ByteArrayInputStream(mutations.spoilt(bytes(name))));

                assertThat(transcript.chunks())
                        .allSatisfy(chunk -> assertThat(
                                        CompletionWriter.event(golden.operation(), chunk, "id", "m", "p", true))
                                .isNotEmpty());
                if (transcript.end() instanceof StreamEvent.Broken(var error)) {
                    assertThat(error.message()).isNotBlank().doesNotContain(KEY);
                }
            }
        });
    }

    @TestFactory
    protected Stream<DynamicTest> spoiltAnswers() {
        return golden.cases(".answer.json").stream()
                .map(name -> dynamicTest("B1 " + name + ": is an answer or a failure, spoilt as it may be", () -> {
                    for (var i = 0; i < MUTATIONS; i++) {
                        var spoilt = mutations.spoilt(golden.bytes(name + ".answer.json"));
                        switch (codec.decode(golden.request(name), spoilt, KEY)) {
                            case Outcome.Answered(var response) -> {
                                assertThat(response.text()).isNotNull();
                                assertThat(CompletionWriter.whole(golden.operation(), response, "id", "m", "p", 1))
                                        .isNotEmpty();
                            }
                            case Outcome.Failed(var error) ->
                                assertThat(error.message()).isNotBlank().doesNotContain(KEY);
                            case Outcome.Streaming _ -> throw new AssertionError("a body is no stream");
                        }
                    }
                }));
    }

    @TestFactory
    protected Stream<DynamicTest> spoiltErrors() {
        return golden.cases(".error.json").stream()
                .map(name -> dynamicTest("B10 " + name + ": is an error without the key, spoilt as it may be", () -> {
                    var answer = golden.tree(name + ".error.json").path("provider");
                    for (var i = 0; i < MUTATIONS; i++) {
                        var spoilt = new HttpAnswer(
                                answer.path("status").asInt(),
                                Map.of("content-type", "text/plain"),
                                mutations.spoilt(answer.path("body").toString().getBytes(UTF_8)));

                        assertThat(codec.error("upstream", spoilt, KEY).message())
                                .isNotBlank()
                                .doesNotContain(KEY);
                    }
                }));
    }

    @TestFactory
    protected Stream<DynamicTest> spoiltRequests() {
        return golden.requests().stream()
                .map(name -> dynamicTest("B10 " + name + ": is refused or can be sent on, spoilt as it may be", () -> {
                    for (var i = 0; i < MUTATIONS; i++) {
                        switch (ChatRequestReader.read(
                                golden.operation(), mutations.spoilt(golden.requestBytes(name)))) {
                            case ChatRequestReader.Valid(var request) -> {
                                var encoded = codec.encode(request, UPSTREAM_MODEL, KEY);
                                assertThat(
                                                encoded.isPossible()
                                                        ? encoded.call().body().length
                                                        : encoded.unsupported().size())
                                        .isPositive();
                            }
                            case ChatRequestReader.Invalid(var error) ->
                                assertThat(error.message()).isNotBlank();
                        }
                    }
                }));
    }

    private Stream<DynamicTest> eachStream(String row, String what, StreamCheck check) {
        return golden.cases(form.kind()).stream()
                .map(name -> dynamicTest(row + " " + name + ": " + what, () -> check.of(name)));
    }

    private byte[] bytes(String name) {
        return golden.bytes(name + form.kind());
    }

    private Transcript read(String name, InputStream body) {
        return Transcript.of(codec, golden.request(name), body, KEY);
    }

    private String events(String name, InputStream body) {
        return read(name, body).fingerprint();
    }

    /** What is asked of one golden stream. */
    private interface StreamCheck {
        void of(String name);
    }
}

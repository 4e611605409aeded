package dev.caravan.provider;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.chat.ChatChunk;
import dev.caravan.chat.ChatError;
import dev.caravan.chat.ChatRequest;
import dev.caravan.chat.Operation;
import dev.caravan.chat.StreamEvent;
import dev.caravan.provider.openai.CompletionWriter;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a caller got of a stream.
 *
 * @param operation what was asked
 * @param chunks as they came from the codec
 * @param end {@code Done} or {@code Broken}
 */
record Transcript(Operation operation, List<ChatChunk> chunks, StreamEvent end) {

    private static final int MANY = 100_000;

    /** Reads a stream to its end. */
    static Transcript of(ProviderCodec codec, ChatRequest request, InputStream body, String key) {
        var stream = new DecodedStream(
                codec.events(request, body, key), () -> {}, _ -> ProviderErrors.undecodable("It cannot be read."));
        var chunks = new ArrayList<ChatChunk>();
        while (chunks.size() < MANY) {
            switch (stream.next()) {
                case ChatChunk chunk -> chunks.add(chunk);
                case StreamEvent end -> {
                    return new Transcript(request.operation(), chunks, end);
                }
            }
        }
        throw new AssertionError("a stream without an end");
    }

    /** The events that a caller gets, with {@code "done"} or the error last. */
    JsonNode events(boolean showUsage) {
        var events = GoldenFolder.JSON.createArrayNode();
        for (var chunk : chunks) {
            var event = new String(
                    CompletionWriter.event(operation, chunk, "chatcmpl-fixed", "fast", "upstream", showUsage), UTF_8);
            assertThat(event).startsWith("data: ").endsWith("\n\n");
            events.add(GoldenFolder.parsed(event.substring(6).getBytes(UTF_8)));
        }
        switch (end) {
            case StreamEvent.Broken(var error) -> events.add(told(error));
            default -> events.add("done");
        }
        return Scrubbed.of(events);
    }

    /** All of it as one text, the same for what is the same. */
    String fingerprint() {
        var all = new StringBuilder();
        chunks.forEach(chunk -> all.append(new String(chunk.source().toBytes(), UTF_8)));
        return Scrubbed.of(all.append(end).toString());
    }

    boolean done() {
        return end instanceof StreamEvent.Done;
    }

    /** Everything said, by choice and by what it is: content, reasoning, refusal, arguments of the n-th tool call. */
    Map<String, String> texts() {
        var texts = new TreeMap<String, String>();
        for (var chunk : chunks) {
            for (var choice : chunk.choices()) {
                add(texts, choice.index() + " content", choice.message().content());
                add(texts, choice.index() + " refusal", choice.message().refusal());
                for (var call : choice.message().toolCalls()) {
                    var name = choice.index() + " call " + call.index();
                    add(texts, name + " name", call.name());
                    add(texts, name + " arguments", call.arguments());
                }
            }
            for (var choice : GoldenFolder.parsed(chunk.source().toBytes()).path("choices")) {
                add(
                        texts,
                        choice.path("index").asInt() + " reasoning",
                        choice.at("/delta/reasoning_content").textValue());
            }
        }
        return texts;
    }

    /** Which choices have ended, and why. */
    TreeSet<String> finishes() {
        var finishes = new TreeSet<String>();
        chunks.forEach(chunk -> chunk.choices().stream()
                .filter(choice -> choice.finishReason() != null)
                .forEach(choice -> finishes.add(choice.index() + " " + choice.finishReason())));
        return finishes;
    }

    /** An error as golden files tell it. */
    static JsonNode told(ChatError error) {
        var told = GoldenFolder.JSON
                .createObjectNode()
                .put("status", error.status())
                .put("code", error.code().text())
                .put("message", error.message())
                .put("param", error.param())
                .put("cause", error.cause());
        var after = error.retryAfter();
        return after == null ? told : told.put("retry_after_ms", after.toMillis());
    }

    private static void add(Map<String, String> texts, String name, @Nullable String piece) {
        if (piece != null) {
            texts.merge(name, piece, String::concat);
        }
    }
}

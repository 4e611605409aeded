package dev.caravan.provider.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.chat.StreamEvent;
import dev.caravan.provider.DecodedStream;
import dev.caravan.provider.ProviderCodec;
import dev.caravan.provider.ProviderErrors;
import dev.caravan.provider.SseReader;
import dev.caravan.provider.openai.ChunkForm;
import dev.caravan.provider.openai.OpenAiForm;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the pieces of a streamed answer. There is no end mark: the answer is whole when each candidate that was asked
 * for has a finish reason. Each piece counts all tokens so far; the last count is told, after the last piece.
 *
 * @see <a href="https://ai.google.dev/api/generate-content#method:-models.streamgeneratecontent">the method</a>
 */
final class GeminiEvents implements ProviderCodec.EventReader {

    private final SseReader events;
    private final int candidates;
    private final @Nullable String apiKey;
    private final ChunkForm chunks = new ChunkForm();
    private final Map<Integer, Integer> calls = new HashMap<>();
    private final Set<Integer> finished = new HashSet<>();
    private final Queue<StreamEvent> ready = new ArrayDeque<>();
    private @Nullable ObjectNode usage;

    /** @param candidates how many answers were asked for */
    GeminiEvents(InputStream body, int candidates, @Nullable String apiKey) {
        this.candidates = candidates;
        this.apiKey = apiKey;
        events = new SseReader(body);
    }

    @Override
    public StreamEvent next() throws IOException {
        while (ready.isEmpty()) {
            var data = events.next();
            if (data == null) {
                end();
            } else {
                read(data);
            }
        }
        return ready.remove();
    }

    private void end() {
        if (finished.size() < candidates) {
            ready.add(new StreamEvent.Broken(DecodedStream.endedEarly()));
            return;
        }
        if (usage != null) {
            ready.add(chunks.usage(usage));
        }
        ready.add(new StreamEvent.Done());
    }

    private void read(byte[] data) {
        var piece = OpenAiForm.tree(data);
        if (piece == null || piece.has("error")) {
            ready.add(new StreamEvent.Broken(ProviderErrors.inStream(data, apiKey)
                    .orElseGet(() ->
                            ProviderErrors.undecodable("The provider sent an event that is no piece of an answer."))));
            return;
        }
        chunks.of(piece.path("responseId").asText(), piece.path("modelVersion").asText());
        var counted = Candidates.usage(piece);
        usage = counted == null ? usage : counted;
        piece.path("candidates").forEach(this::candidate);
        var blocked = Candidates.blocked(piece);
        if (blocked != null && finished.isEmpty()) {
            ready.add(chunks.delta(0, OpenAiForm.object().put("refusal", blocked), null));
            for (var i = 0; i < candidates; i++) {
                finish(i, "content_filter");
            }
        }
    }

    private void candidate(JsonNode candidate) {
        var index = candidate.path("index").asInt();
        if (finished.contains(index)) {
            return;
        }
        candidate.at("/content/parts").forEach(part -> part(index, part));
        var failure = Candidates.failure(candidate);
        if (failure != null) {
            ready.add(new StreamEvent.Broken(ProviderErrors.undecodable(failure)));
        } else if (candidate.path("finishReason").isTextual()) {
            finish(index, Candidates.finish(candidate.path("finishReason").asText(), calls.getOrDefault(index, 0) > 0));
        }
    }

    private void part(int index, JsonNode part) {
        var text = part.path("text").asText();
        if (part.path("thought").asBoolean()) {
            if (!text.isEmpty()) {
                ready.add(chunks.reasoning(index, text));
            }
            return;
        }
        var delta = OpenAiForm.object();
        if (!text.isEmpty()) {
            delta.put("content", text);
        }
        var image = Candidates.image(part);
        if (image != null) {
            delta.putArray("images").add(image);
        }
        if (part.has("functionCall")) {
            var place = calls.merge(index, 1, Integer::sum) - 1;
            var call = OpenAiForm.object().put("index", place);
            call.setAll(Candidates.toolCall(part));
            delta.putArray("tool_calls").add(call);
        } else {
            Signature.keep(part, delta);
        }
        if (!delta.isEmpty()) {
            ready.add(chunks.delta(index, delta, null));
        }
    }

    private void finish(int index, String reason) {
        finished.add(index);
        ready.add(chunks.finish(index, reason));
    }
}

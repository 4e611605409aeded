package dev.caravan.provider.ollama;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.chat.ChatError;
import dev.caravan.chat.StreamEvent;
import dev.caravan.provider.DecodedStream;
import dev.caravan.provider.NdjsonReader;
import dev.caravan.provider.ProviderCodec;
import dev.caravan.provider.ProviderErrors;
import dev.caravan.provider.openai.CompletionWriter;
import dev.caravan.provider.openai.OpenAiForm;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** Reads the lines of a streamed answer up to the one that is {@code done}. */
final class OllamaEvents implements ProviderCodec.EventReader {

    private final NdjsonReader lines;
    private final @Nullable String apiKey;
    private final String id = CompletionWriter.freshId();
    private final Queue<StreamEvent> ahead = new ArrayDeque<>();
    private long created;
    private int calls;
    private boolean begun;

    OllamaEvents(InputStream body, @Nullable String apiKey) {
        this.apiKey = apiKey;
        lines = new NdjsonReader(body);
    }

    @Override
    public StreamEvent next() throws IOException {
        while (ahead.isEmpty()) {
            var line = lines.next();
            if (line == null) {
                return new StreamEvent.Broken(DecodedStream.endedEarly());
            }
            var piece = OpenAiForm.tree(line);
            if (piece == null || !OllamaAnswer.isPiece(piece)) {
                return new StreamEvent.Broken(broken(line));
            }
            read(piece);
        }
        return ahead.remove();
    }

    private ChatError broken(byte[] line) {
        return OpenAiForm.isCut(line)
                ? DecodedStream.endedEarly()
                : ProviderErrors.inStream(line, apiKey)
                        .orElseGet(() -> ProviderErrors.undecodable(
                                "The provider sent a line that is no piece of an Ollama answer."));
    }

    private void read(ObjectNode piece) {
        if (created == 0) {
            created = OllamaAnswer.created(piece);
        }
        var done = piece.path("done").asBoolean();
        var chunk = chunk(piece);
        var choice = chunk.putArray("choices").addObject().put("index", 0);
        var delta = choice.putObject("delta");
        say(piece, delta);
        OllamaAnswer.logprobs(piece, choice);
        if (delta.isEmpty() && !choice.has("logprobs") && !done) {
            return;
        }
        if (!begun) {
            begun = true;
            delta.put("role", "assistant");
        }
        choice.put("finish_reason", done ? OllamaAnswer.finishReason(piece, calls > 0) : null);
        ahead.add(OpenAiForm.chunk(chunk));
        if (done) {
            end(piece);
        }
    }

    private void say(ObjectNode piece, ObjectNode delta) {
        var said = piece.path("message");
        var content = OpenAiForm.text(said.path("content"));
        if (!content.isEmpty()) {
            delta.put("content", content);
        }
        OllamaAnswer.thinking(said, delta);
        var more = OllamaAnswer.calls(said, calls);
        if (!more.isEmpty()) {
            calls += more.size();
            delta.set("tool_calls", more);
        }
    }

    private void end(ObjectNode piece) {
        var usage = OllamaAnswer.usage(piece);
        if (usage != null) {
            var chunk = chunk(piece);
            chunk.putArray("choices");
            chunk.set("usage", usage);
            ahead.add(OpenAiForm.chunk(chunk));
        }
        ahead.add(new StreamEvent.Done());
    }

    private ObjectNode chunk(ObjectNode piece) {
        return OpenAiForm.object()
                .put("id", id)
                .put("object", "chat.completion.chunk")
                .put("created", created)
                .put("model", OpenAiForm.text(piece.path("model")));
    }
}

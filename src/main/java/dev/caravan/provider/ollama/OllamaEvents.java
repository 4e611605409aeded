package dev.caravan.provider.ollama;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.chat.ChatError;
import dev.caravan.chat.StreamEvent;
import dev.caravan.provider.DecodedStream;
import dev.caravan.provider.NdjsonReader;
import dev.caravan.provider.ProviderCodec;
import dev.caravan.provider.ProviderErrors;
import dev.caravan.provider.openai.ChunkForm;
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
    private final ChunkForm chunks = new ChunkForm();
    private final Queue<StreamEvent> ahead = new ArrayDeque<>();
    private int calls;

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
        chunks.of("", OpenAiForm.text(piece.path("model")));
        var done = piece.path("done").asBoolean();
        var delta = delta(piece);
        var logprobs = OllamaAnswer.logprobs(piece);
        if (!delta.isEmpty() || logprobs != null || done) {
            var finish = done ? OllamaAnswer.finishReason(piece, calls > 0) : null;
            ahead.add(chunks.delta(0, delta, finish, logprobs));
        }
        if (done) {
            var usage = OllamaAnswer.usage(piece);
            if (usage != null) {
                ahead.add(chunks.usage(usage));
            }
            ahead.add(new StreamEvent.Done());
        }
    }

    private ObjectNode delta(ObjectNode piece) {
        var delta = OpenAiForm.object();
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
        return delta;
    }
}

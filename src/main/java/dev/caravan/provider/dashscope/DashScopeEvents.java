package dev.caravan.provider.dashscope;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.chat.ChatChunk;
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
import java.util.HashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads the events of a streamed answer. It has no end mark: it is whole when it ends after a finish reason. */
final class DashScopeEvents implements ProviderCodec.EventReader {

    /** What was said of one choice so far. */
    private static final class Said {
        private final Set<Integer> calls = new HashSet<>();
        private boolean finished;
    }

    private final SseReader events;
    private final String model;
    private final @Nullable String apiKey;
    private final ChunkForm chunks = new ChunkForm();
    private final Queue<StreamEvent> ahead = new ArrayDeque<>();
    private final Map<Integer, Said> choices = new TreeMap<>();
    private @Nullable ObjectNode usage;

    DashScopeEvents(InputStream body, String model, @Nullable String apiKey) {
        events = new SseReader(body);
        this.model = model;
        this.apiKey = apiKey;
    }

    @Override
    public StreamEvent next() throws IOException {
        while (ahead.isEmpty()) {
            var event = events.next();
            if (event == null) {
                end();
            } else {
                read(event);
            }
        }
        return ahead.remove();
    }

    private void read(byte[] event) {
        var piece = OpenAiForm.tree(event);
        if (piece == null) {
            ahead.add(new StreamEvent.Broken(
                    OpenAiForm.isCut(event)
                            ? DecodedStream.endedEarly()
                            : ProviderErrors.undecodable("The provider sent an event that is no JSON object.")));
        } else if (piece.path("output").isObject()) {
            say(piece);
        } else if (!choices.isEmpty() && DashScopeErrors.isFiltered(DashScopeErrors.code(event))) {
            cutOff();
        } else {
            ahead.add(new StreamEvent.Broken(DashScopeErrors.inStream(event, apiKey)));
        }
    }

    private void say(ObjectNode piece) {
        chunks.of(OpenAiForm.text(piece.path("request_id")), model);
        var counted = DashScopeAnswer.usage(piece);
        usage = counted == null ? usage : counted;
        var place = 0;
        for (var choice : DashScopeAnswer.choices(piece)) {
            var index = DashScopeAnswer.index(choice, place++);
            var state = choices.getOrDefault(index, new Said());
            var delta = delta(choice, state);
            DashScopeAnswer.search(piece, delta);
            var finish = DashScopeAnswer.finishReason(choice, !state.calls.isEmpty());
            if (!delta.isEmpty() || finish != null) {
                choices.put(index, state);
                state.finished |= finish != null;
                add(chunks.delta(index, delta, finish, DashScopeAnswer.logprobs(choice)));
            }
        }
    }

    private static ObjectNode delta(ObjectNode choice, Said state) {
        var message = choice.path("message");
        var delta = OpenAiForm.object();
        var thought = OpenAiForm.text(message.path("reasoning_content"));
        if (!thought.isEmpty()) {
            delta.put("reasoning_content", thought);
        }
        var content = DashScopeAnswer.content(message);
        if (!content.isEmpty()) {
            delta.put("content", content);
        }
        var calls = message.path("tool_calls");
        for (var i = 0; i < calls.size(); i++) {
            if (calls.get(i) instanceof ObjectNode call) {
                call(call, DashScopeAnswer.index(call, i), state, delta);
            }
        }
        return delta;
    }

    /** A call's id and name are told once, also where DashScope repeats them, empty. */
    private static void call(ObjectNode call, int index, Said state, ObjectNode delta) {
        var arguments = OpenAiForm.text(call.at("/function/arguments"));
        if (state.calls.add(index)) {
            var id = OpenAiForm.text(call.path("id"));
            delta.withArray("tool_calls")
                    .addObject()
                    .put("index", index)
                    .put("id", id.isEmpty() ? OpenAiForm.freshCallId() : id)
                    .put("type", "function")
                    .putObject("function")
                    .put("name", OpenAiForm.text(call.at("/function/name")))
                    .put("arguments", arguments);
        } else if (!arguments.isEmpty()) {
            delta.withArray("tool_calls")
                    .addObject()
                    .put("index", index)
                    .putObject("function")
                    .put("arguments", arguments);
        }
    }

    /** The content filter stopped an answer of which something was said. */
    private void cutOff() {
        choices.forEach((index, state) -> {
            if (!state.finished) {
                state.finished = true;
                add(chunks.finish(index, "content_filter"));
            }
        });
        end();
    }

    private void end() {
        if (choices.isEmpty() || !choices.values().stream().allMatch(choice -> choice.finished)) {
            ahead.add(new StreamEvent.Broken(DecodedStream.endedEarly()));
            return;
        }
        if (usage != null) {
            ahead.add(chunks.usage(usage));
        }
        ahead.add(new StreamEvent.Done());
    }

    /** Each event counts what was used so far. The caller sees it once, in the end; a stream that breaks has told it. */
    private void add(ChatChunk chunk) {
        ahead.add(new ChatChunk(
                chunk.id(), chunk.model(), chunk.choices(), DashScopeAnswer.counted(usage), chunk.source()));
    }
}

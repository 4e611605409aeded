package dev.caravan.provider.anthropic;

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
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Reads the events of a streamed message up to {@code message_stop}. Events and blocks that are not known are passed
 * over, as the API asks of its clients.
 *
 * @see <a href="https://platform.claude.com/docs/en/build-with-claude/streaming">the events</a>
 */
final class AnthropicEvents implements ProviderCodec.EventReader {

    private final SseReader events;
    private final @Nullable String apiKey;
    private final ChunkForm chunks = new ChunkForm();
    private final Counts counts = new Counts();
    private final Map<Integer, Block> open = new HashMap<>();
    private final Queue<StreamEvent> ready = new ArrayDeque<>();
    private int calls;
    private boolean finished;

    /** A content block whose end has not come. */
    private static final class Block {
        final ObjectNode start;
        final int call;
        final StringBuilder thinking = new StringBuilder();
        final StringBuilder signature = new StringBuilder();
        boolean arguments;

        Block(ObjectNode start, int call) {
            this.start = start;
            this.call = call;
            thinking.append(start.path("thinking").asText());
            signature.append(start.path("signature").asText());
        }

        String type() {
            return start.path("type").asText();
        }
    }

    AnthropicEvents(InputStream body, @Nullable String apiKey) {
        this.apiKey = apiKey;
        events = new SseReader(body);
    }

    @Override
    public StreamEvent next() throws IOException {
        while (ready.isEmpty()) {
            var data = events.next();
            if (data == null) {
                return end();
            }
            var event = OpenAiForm.tree(data);
            if (event == null) {
                return new StreamEvent.Broken(
                        ProviderErrors.undecodable("The provider sent an event that is no JSON object."));
            }
            read(event, data);
        }
        return ready.remove();
    }

    private void read(ObjectNode event, byte[] data) {
        var index = event.path("index").asInt();
        switch (event.path("type").asText()) {
            case "message_start" -> {
                // no chunk yet: until the model says something, another provider can still answer
                var message = event.path("message");
                chunks.of(message.path("id").asText(), message.path("model").asText());
                counts.add(message.path("usage"));
            }
            case "content_block_start" -> {
                if (event.path("content_block") instanceof ObjectNode block) {
                    begin(index, block);
                }
            }
            case "content_block_delta" -> {
                if (open.get(index) instanceof Block block) {
                    delta(block, event.path("delta"));
                }
            }
            case "content_block_stop" -> {
                if (open.remove(index) instanceof Block block) {
                    end(block);
                }
            }
            case "message_delta" -> finish(event);
            case "message_stop" -> ready.add(end());
            case "error" ->
                ready.add(new StreamEvent.Broken(ProviderErrors.inStream(data, apiKey)
                        .orElseGet(() -> ProviderErrors.undecodable("The provider broke off its stream."))));
            default -> {} // a ping, or what is not known yet
        }
    }

    private void begin(int index, ObjectNode start) {
        var block = new Block(start, calls);
        open.put(index, block);
        switch (block.type()) {
            case "text" -> say(start.path("text").asText());
            case "thinking" -> think(start.path("thinking").asText());
            case "tool_use" -> {
                calls++;
                ready.add(chunks.toolCall(
                        0,
                        block.call,
                        start.path("id").asText(),
                        start.path("name").asText(),
                        ""));
            }
            default -> {}
        }
    }

    private void delta(Block block, JsonNode delta) {
        switch (delta.path("type").asText()) {
            case "text_delta" -> say(delta.path("text").asText());
            case "thinking_delta" -> {
                var text = delta.path("thinking").asText();
                block.thinking.append(text);
                think(text);
            }
            case "signature_delta" ->
                block.signature.append(delta.path("signature").asText());
            case "input_json_delta" -> {
                var piece = delta.path("partial_json").asText();
                if (block.type().equals("tool_use") && !piece.isEmpty()) {
                    block.arguments = true;
                    ready.add(chunks.arguments(0, block.call, piece));
                }
            }
            default -> {}
        }
    }

    private void end(Block block) {
        switch (block.type()) {
            case "tool_use" -> {
                if (!block.arguments) {
                    var input = block.start.path("input");
                    ready.add(chunks.arguments(0, block.call, input.isObject() ? input.toString() : "{}"));
                }
            }
            case "thinking" ->
                block(OpenAiForm.object()
                        .put("type", "thinking")
                        .put("thinking", block.thinking.toString())
                        .put("signature", block.signature.toString()));
            case "redacted_thinking" -> block(block.start);
            default -> {}
        }
    }

    private void finish(ObjectNode event) {
        counts.add(event.path("usage"));
        var delta = event.path("delta");
        if (delta.path("stop_reason").isTextual() && !finished) {
            finished = true;
            var explanation = delta.at("/stop_details/explanation");
            if (explanation.isTextual()) {
                ready.add(chunks.delta(0, OpenAiForm.object().put("refusal", explanation.asText()), null));
            }
            ready.add(chunks.finish(0, Finish.of(delta.path("stop_reason").asText())));
            if (counts.told()) {
                ready.add(chunks.usage(counts.usage()));
            }
        }
    }

    /** A message with a stop reason is whole, even if its end mark is lost. */
    private StreamEvent end() {
        return finished ? new StreamEvent.Done() : new StreamEvent.Broken(DecodedStream.endedEarly());
    }

    private void say(String text) {
        if (!text.isEmpty()) {
            ready.add(chunks.content(0, text));
        }
    }

    private void think(String text) {
        if (!text.isEmpty()) {
            ready.add(chunks.reasoning(0, text));
        }
    }

    private void block(ObjectNode thinking) {
        var delta = OpenAiForm.object();
        delta.putArray("thinking_blocks").add(thinking);
        ready.add(chunks.delta(0, delta, null));
    }
}

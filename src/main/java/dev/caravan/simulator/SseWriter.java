package dev.caravan.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.caravan.door.DoorReply;
import dev.caravan.simulator.CompletionRequest.Form;
import dev.caravan.simulator.Wire.Chunk;
import dev.caravan.simulator.Wire.ChunkChoice;
import dev.caravan.simulator.Wire.Delta;
import dev.caravan.simulator.Wire.TextChoice;
import dev.caravan.simulator.Wire.TextCompletion;
import dev.caravan.simulator.Wire.TokenUsage;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sends one answer as server-sent events, in OpenAI's chunks. */
final class SseWriter {

    private static final Map<String, String> HEADERS =
            Map.of("content-type", "text/event-stream; charset=utf-8", "cache-control", "no-cache");
    private static final byte[] DATA = "data: ".getBytes(UTF_8);
    private static final byte[] END_OF_EVENT = "\n\n".getBytes(UTF_8);
    private static final byte[] DONE = "data: [DONE]\n\n".getBytes(UTF_8);

    private final Answer answer;
    private final boolean includeUsage;
    private final DoorReply reply;

    SseWriter(Answer answer, boolean includeUsage, DoorReply reply) {
        this.answer = answer;
        this.includeUsage = includeUsage;
        this.reply = reply;
    }

    /** The head of the response, and for each choice the chunk that names the role. */
    boolean begin() {
        if (!reply.begin(200, HEADERS)) {
            return false;
        }
        for (var index = 0; answer.form() == Form.CHAT && index < answer.texts().size(); index++) {
            if (!send(index, new Delta("assistant", "", NullNode.getInstance()), null)) {
                return false;
            }
        }
        return true;
    }

    /** One piece of one choice. */
    boolean piece(int index, String piece) {
        return send(index, new Delta(null, piece, null), null);
    }

    /** Why each choice ends, usage if it is wanted, and the mark of the end. */
    void end() {
        for (var index = 0; index < answer.texts().size(); index++) {
            var reason = answer.texts().get(index).finishReason();
            send(index, new Delta(null, null, null), reason);
        }
        if (includeUsage) {
            write(
                    answer.form() == Form.CHAT
                            ? chunk(List.of(), Wire.tree(answer.usage()))
                            : text(List.of(), answer.usage()));
        }
        reply.write(DONE, 0, DONE.length);
        reply.end();
    }

    private boolean send(int index, Delta delta, @Nullable String finishReason) {
        if (answer.form() == Form.TEXT) {
            var text = delta.content() == null ? "" : delta.content();
            return write(text(List.of(new TextChoice(text, index, null, finishReason)), null));
        }
        var choice = new ChunkChoice(index, delta, null, finishReason);
        return write(chunk(List.of(choice), includeUsage ? NullNode.getInstance() : null));
    }

    private TextCompletion text(List<TextChoice> choices, @Nullable TokenUsage usage) {
        return new TextCompletion(answer.id(), "text_completion", answer.created(), answer.model(), choices, usage);
    }

    private Chunk chunk(List<ChunkChoice> choices, @Nullable JsonNode usage) {
        return new Chunk(
                answer.id(),
                "chat.completion.chunk",
                answer.created(),
                answer.model(),
                Answer.SERVICE_TIER,
                Answer.FINGERPRINT,
                choices,
                usage);
    }

    private boolean write(Object chunk) {
        var event = new ByteArrayOutputStream(400);
        event.writeBytes(DATA);
        event.writeBytes(Wire.bytes(chunk));
        event.writeBytes(END_OF_EVENT);
        return reply.write(event.toByteArray(), 0, event.size());
    }
}

package dev.caravan.provider.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.chat.ChatChunk;
import dev.caravan.chat.ChatResponse;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Puts the answer to a chat, or the chunks of one, into the form of OpenAI's older completions. Used by one thread, for
 * one answer.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/completions/object">the form</a>
 */
final class TextForm {

    private final String echoed;

    /** How many characters of each choice are written. */
    private final Map<Integer, Integer> written = new HashMap<>();

    /** @param echoed the prompt, if each answer shall begin with it */
    TextForm(@Nullable String echoed) {
        this.echoed = echoed == null ? "" : echoed;
    }

    ChatResponse completion(ChatResponse answer) {
        return OpenAiForm.response(form(answer.source().toBytes(), "message"));
    }

    ChatChunk chunk(ChatChunk chunk) {
        var piece = OpenAiForm.chunk(form(chunk.source().toBytes(), "delta"));
        // what was counted may be known to the broker alone
        return new ChatChunk(piece.id(), piece.model(), piece.choices(), chunk.usage(), piece.source());
    }

    private ObjectNode form(byte[] chat, String message) {
        var form = Objects.requireNonNull(OpenAiForm.tree(chat), "what was read before can be read again");
        var id = OpenAiForm.text(form.path("id"));
        if (id.startsWith("chatcmpl-")) {
            form.put("id", id.substring("chat".length()));
        }
        form.put("object", "text_completion");
        var choices = form.path("choices");
        if (choices.isArray()) {
            var texts = form.putArray("choices");
            choices.forEach(choice -> texts.add(choice(choice, choice.path(message))));
        }
        return form;
    }

    private ObjectNode choice(JsonNode choice, JsonNode message) {
        var index = choice.path("index").asInt();
        var before = written.get(index);
        var said = OpenAiForm.text(message.path("content"));
        var text = (before == null ? echoed : "") + (said.isEmpty() ? OpenAiForm.text(message.path("refusal")) : said);
        var offset = before == null ? echoed.length() : before;
        written.merge(index, text.length(), Integer::sum);
        var form = OpenAiForm.object().put("text", text).put("index", index);
        form.set("logprobs", logprobs(choice.at("/logprobs/content"), offset));
        form.set("finish_reason", choice.path("finish_reason"));
        return form;
    }

    /** A list of tokens becomes lists of what is known of them; null where nothing is. */
    private static @Nullable ObjectNode logprobs(JsonNode tokens, int begin) {
        if (!tokens.isArray() || tokens.isEmpty()) {
            return null;
        }
        var form = OpenAiForm.object();
        var texts = form.putArray("tokens");
        var own = form.putArray("token_logprobs");
        var tops = form.putArray("top_logprobs");
        var offsets = form.putArray("text_offset");
        var offset = begin;
        for (var token : tokens) {
            var text = OpenAiForm.text(token.path("token"));
            texts.add(text);
            own.add(token.path("logprob"));
            var top = tops.addObject();
            token.path("top_logprobs")
                    .forEach(each -> top.set(OpenAiForm.text(each.path("token")), each.path("logprob")));
            offsets.add(offset);
            offset += text.length();
        }
        return form;
    }
}

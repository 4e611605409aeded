package dev.caravan.chat;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A whole answer: a chat completion, or what another {@link Operation} is answered with.
 *
 * @param id the completion's id
 * @param created when, in seconds since 1970
 * @param model the model's name as the provider gives it
 * @param choices the answers, at least one; none where vectors were asked for, which only {@code source} holds
 * @param usage what was counted; null where the provider did not say
 * @param source every field as it came
 */
public record ChatResponse(
        String id,
        long created,
        String model,
        List<Choice> choices,
        @Nullable Usage usage,
        RawObject source) {

    public ChatResponse {
        choices = List.copyOf(choices);
    }

    /** The text of the first answer; empty where it has none. */
    public String text() {
        var content = choices.isEmpty() ? null : choices.getFirst().message().content();
        return content == null ? "" : content;
    }
}

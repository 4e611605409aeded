package dev.caravan.chat;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One piece of a streamed answer.
 *
 * @param id the completion's id, the same in each of its chunks
 * @param model the model's name as the provider gives it
 * @param choices what each answer goes on with; empty in a chunk that only tells the usage
 * @param usage what was counted so far: in one of the last chunks, or in each; shown to the caller where {@code source}
 *     has it
 * @param source every field as it came
 */
public record ChatChunk(
        String id,
        String model,
        List<Choice> choices,
        @Nullable Usage usage,
        RawObject source) implements StreamEvent {

    public ChatChunk {
        choices = List.copyOf(choices);
    }
}

package dev.caravan.chat;

/**
 * Tokens that a provider counted for one answer, as OpenAI's {@code usage} object counts them.
 *
 * @param promptTokens tokens of the prompt, the cached ones included
 * @param completionTokens tokens of the answer, the reasoning ones included
 * @param cachedTokens the part of the prompt that the provider read from its own cache
 * @param reasoningTokens the part of the answer that was thought and not shown
 */
public record Usage(long promptTokens, long completionTokens, long cachedTokens, long reasoningTokens) {

    /** Nothing was counted. */
    public static final Usage NONE = new Usage(0, 0, 0, 0);

    public Usage(long promptTokens, long completionTokens) {
        this(promptTokens, completionTokens, 0, 0);
    }

    public long totalTokens() {
        return promptTokens + completionTokens;
    }

    public Usage plus(Usage other) {
        return new Usage(
                promptTokens + other.promptTokens,
                completionTokens + other.completionTokens,
                cachedTokens + other.cachedTokens,
                reasoningTokens + other.reasoningTokens);
    }
}

package dev.caravan.provider.anthropic;

/** Why a model stopped, in OpenAI's words. */
final class Finish {

    private Finish() {}

    /**
     * The finish reason for a stop reason; {@code stop} for those that are not known.
     *
     * @see <a href="https://platform.claude.com/docs/en/build-with-claude/handling-stop-reasons">the reasons</a>
     */
    static String of(String stopReason) {
        return switch (stopReason) {
            case "max_tokens", "model_context_window_exceeded" -> "length";
            case "tool_use" -> "tool_calls";
            case "refusal" -> "content_filter";
            default -> "stop";
        };
    }
}

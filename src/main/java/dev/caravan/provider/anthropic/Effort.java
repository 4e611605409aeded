package dev.caravan.provider.anthropic;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How long a model shall think, in OpenAI's words.
 *
 * @see <a href="https://platform.claude.com/docs/en/build-with-claude/effort">effort</a>
 */
enum Effort {
    NONE("low", 0),
    MINIMAL("low", 1024),
    LOW("low", 1024),
    MEDIUM("medium", 4096),
    HIGH("high", 16_384),
    XHIGH("xhigh", 24_576),
    MAX("max", 32_768);

    private final String word;
    private final long budget;

    Effort(String word, long budget) {
        this.word = word;
        this.budget = budget;
    }

    /** The effort of this name; null where there is none. */
    static @Nullable Effort of(String name) {
        for (var effort : values()) {
            if (effort.name().toLowerCase(Locale.ROOT).equals(name)) {
                return effort;
            }
        }
        return null;
    }

    /** The word for models that decide themselves. */
    String word() {
        return word;
    }

    /** The tokens for models that are told a number. */
    long budget() {
        return budget;
    }
}

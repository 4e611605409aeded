package dev.caravan.provider.gemini;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What a model's name tells of the parameters it takes. A name that is not known takes what the newest take.
 *
 * @param levels whether it is told a level of thinking, and wants signatures under its tool calls; else it is told a
 *     budget of tokens
 * @param quick whether it can do almost or altogether without thinking
 * @see <a href="https://ai.google.dev/gemini-api/docs/thinking">thinking</a>
 */
record GeminiModel(boolean levels, boolean quick) {

    private static final Pattern WITH_BUDGET = Pattern.compile("(.*/)?gemini-(robotics-er-)?[12][-.].*");

    static GeminiModel of(String name) {
        var model = name.toLowerCase(Locale.ROOT);
        return new GeminiModel(!WITH_BUDGET.matcher(model).matches(), model.contains("flash"));
    }
}

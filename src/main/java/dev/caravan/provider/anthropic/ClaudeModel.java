package dev.caravan.provider.anthropic;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What a model's name tells of the parameters it takes: they differ between generations, and a wrong one is refused.
 * Models that are not Claude, behind servers that speak the same dialect, take what the oldest take; of Claude, those
 * that are not known to be old take what the newest take.
 *
 * @param adaptive whether it decides itself how long it thinks, and is told an effort; else it is told a budget of tokens
 * @param sampling whether {@code temperature}, {@code top_p} and {@code top_k} may be set while it does not think
 * @see <a href="https://platform.claude.com/docs/en/build-with-claude/adaptive-thinking">adaptive thinking</a>
 */
record ClaudeModel(boolean adaptive, boolean sampling) {

    /** Up to 4.5. */
    private static final Pattern WITH_BUDGET =
            Pattern.compile("claude-(instant|[23]|(opus|sonnet|haiku)-4([-.][015])?(?![-.]?\\d\\b)).*");

    private static final Pattern LAST_WITH_SAMPLING = Pattern.compile("claude-(opus|sonnet)-4[-.]6.*");

    static ClaudeModel of(String name) {
        var model = name.toLowerCase(Locale.ROOT);
        if (!model.startsWith("claude") || WITH_BUDGET.matcher(model).matches()) {
            return new ClaudeModel(false, true);
        }
        return new ClaudeModel(true, LAST_WITH_SAMPLING.matcher(model).matches());
    }
}

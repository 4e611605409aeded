package dev.caravan.catalog;

import dev.caravan.catalog.Council.Check;
import java.math.BigDecimal;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** Reads what people say about the check of a cascade. No state. */
final class CheckForm {

    private static final BigDecimal USUAL_SCORE = BigDecimal.valueOf(7);

    private CheckForm() {}

    /**
     * Reads a check.
     *
     * @param council the fields of the council that it belongs to
     * @return null if something is wrong, which is told
     */
    static @Nullable Check read(Fields at, Fields council, CouncilForm.Known known) {
        at.only(List.of("agreement", "judge", "score", "json_schema", "pattern"));
        var ways = List.of("agreement", "judge", "json_schema", "pattern").stream()
                .filter(at::has)
                .toList();
        if (ways.size() != 1) {
            council.wrong("check", "'check' must hold one of agreement, judge, json_schema, pattern");
            return null;
        }
        return switch (ways.getFirst()) {
            case "agreement" -> {
                if (!at.flag("agreement").orElse(true)) {
                    at.wrong("agreement", "'agreement' can only be true; without a check there is no cascade");
                }
                yield new Check.Agreement();
            }
            case "judge" -> {
                var judge = at.text("judge").orElse("");
                CouncilForm.check(at, "judge", judge, known);
                yield new Check.Score(judge, at.decimal("score", 0, 10).orElse(USUAL_SCORE));
            }
            case "json_schema" -> schema(at);
            default -> at.text("pattern").map(regex -> form(at, regex)).orElse(null);
        };
    }

    private static @Nullable Check schema(Fields at) {
        var schema = at.members().get("json_schema");
        return schema == null || at.section("json_schema").isEmpty()
                ? null
                : new Check.Schema(Parameters.json(schema.value()));
    }

    private static Check form(Fields at, String regex) {
        try {
            Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            at.wrong("pattern", "'pattern' is no regular expression: " + e.getDescription());
        }
        return new Check.Form(regex);
    }
}

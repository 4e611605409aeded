package dev.caravan.cooperation;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a council came to.
 *
 * @param answer the turn whose answer is given
 * @param content given instead of that answer's text; null where it is given as it is
 * @param by what decided: {@code votes}, {@code similarity}, {@code fields}, {@code consensus}, {@code judge},
 *     {@code synthesis}, {@code sequence}, {@code pipeline}, {@code check} or {@code last}
 * @param why one sentence for a person
 * @param groups the answers that say the same, the leading ones first; empty where none were counted
 * @param likeness by what answers of which no two are equal were compared; null where that was not asked
 */
record Verdict(
        Turn answer,
        @Nullable String content,
        String by,
        String why,
        List<Opinion> groups,
        @Nullable Likeness likeness) {

    /**
     * Members that say the same.
     *
     * @param ballot what they say
     * @param seats their places
     * @param count how much they count
     */
    record Opinion(Ballot ballot, List<Integer> seats, BigDecimal count) {}

    Verdict(Turn answer, @Nullable String content, String by, String why, List<Opinion> groups) {
        this(answer, content, by, why, groups, null);
    }

    Verdict {
        groups = List.copyOf(groups);
    }
}

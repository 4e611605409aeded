package dev.caravan.cooperation;

import java.util.Locale;

/**
 * What an answer says, in a form in which answers that mean the same are equal.
 *
 * @param kind what it was read as
 * @param value without what makes no difference
 */
record Ballot(Kind kind, String value) {

    /** What an answer may be read as. */
    enum Kind {
        NUMBER,
        CHOICE,
        JSON,
        TOOL_CALLS,
        TEXT;

        /** As the answer tells it. */
        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}

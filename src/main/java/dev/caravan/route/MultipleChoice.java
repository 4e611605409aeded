package dev.caravan.route;

import java.util.ArrayList;
import java.util.List;

/**
 * A text taken apart: the question, and the options of a multiple choice if it is one. Of several questions in one text,
 * as where solved ones go before, the last counts.
 *
 * @param question where the question stands
 * @param options where each option stands, without its letter; none if it is no multiple choice
 */
record MultipleChoice(Span question, List<Span> options) {

    /** Where a piece of a text begins and ends. */
    record Span(int from, int to) {

        int length() {
            return to - from;
        }
    }

    private static final int FEWEST = 2;

    /** Whether there are options to choose from. */
    boolean areThere() {
        return !options.isEmpty();
    }

    /** Takes {@code text} apart, line by line. */
    static MultipleChoice in(String text) {
        var end = trimmed(text, text.length());
        var answer = lineStart(text, end);
        if (isAnswerLine(text, answer, end)) {
            end = trimmed(text, answer);
        }
        var start = 0;
        var questionEnd = end;
        var options = new ArrayList<Span>();
        for (var line = 0; line < end; line = lineEnd(text, line, end) + 1) {
            var lineEnd = lineEnd(text, line, end);
            if (isAnswerLine(text, line, lineEnd)) {
                start = Math.min(end, lineEnd + 1);
                questionEnd = end;
                options.clear();
            } else {
                var from = optionText(text, line, lineEnd, options.size());
                if (from >= 0) {
                    questionEnd = options.isEmpty() ? line : questionEnd;
                    options.add(new Span(from, lineEnd));
                } else if (!options.isEmpty()) {
                    options.set(
                            options.size() - 1,
                            new Span(
                                    options.getLast().from(),
                                    Math.max(lineEnd, options.getLast().from())));
                }
            }
        }
        return options.size() < FEWEST
                ? new MultipleChoice(new Span(start, end), List.of())
                : new MultipleChoice(new Span(start, Math.max(start, trimmed(text, questionEnd))), options);
    }

    /** Where the text of the option begins that has to come now, as in {@code B. text}; -1 if none begins here. */
    private static int optionText(String text, int from, int to, int already) {
        var at = from < to && text.charAt(from) == '(' ? from + 1 : from;
        if (at + 1 >= to || text.charAt(at) != 'A' + already) {
            return -1;
        }
        var mark = text.charAt(at + 1);
        if (mark != '.' && mark != ')' && mark != ':') {
            return -1;
        }
        return at + 2 < to && text.charAt(at + 2) == ' ' ? at + 3 : at + 2;
    }

    /** Whether a line only asks for the answer, or gives that of an earlier question. */
    private static boolean isAnswerLine(String text, int from, int to) {
        return text.regionMatches(true, from, "Answer:", 0, "Answer:".length()) && to - from <= 12;
    }

    private static int lineStart(String text, int end) {
        return text.lastIndexOf('\n', Math.max(0, end - 1)) + 1;
    }

    private static int lineEnd(String text, int from, int end) {
        var found = text.indexOf('\n', from);
        return found < 0 || found > end ? end : found;
    }

    private static int trimmed(String text, int end) {
        var at = end;
        while (at > 0 && Character.isWhitespace(text.charAt(at - 1))) {
            at--;
        }
        return at;
    }
}

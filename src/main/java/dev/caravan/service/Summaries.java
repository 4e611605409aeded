package dev.caravan.service;

import static java.util.Comparator.comparingInt;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What was made of the parts of a content so far. Immutable. */
public final class Summaries {

    private static final String HEADING =
            "The document was too long to be read at once. These are notes on its parts, in their order.";

    private final List<Question> parts;

    private Summaries(List<Question> parts) {
        this.parts = List.copyOf(parts);
    }

    /** That of the part that is ready first. */
    public static Summaries of(Question part) {
        return new Summaries(List.of(part));
    }

    /** The same with one more. */
    public Summaries with(Question part) {
        var more = new ArrayList<>(parts);
        more.add(part);
        return new Summaries(more);
    }

    /** The errand again, which goes on with the summaries in the content's place. */
    public Errand errand() {
        var errand = parts.getFirst().errand();
        errand.goOnWith(text());
        return errand;
    }

    /** One after the other, as the parts stand in the content. */
    private String text() {
        return parts.stream()
                .sorted(comparingInt(Question::number))
                .map(part -> "[Part " + part.number() + "]\n" + part.text().strip())
                .collect(Collectors.joining("\n\n", HEADING + "\n\n", ""));
    }
}

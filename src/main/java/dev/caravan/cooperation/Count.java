package dev.caravan.cooperation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.catalog.Council.Compare;
import dev.caravan.cooperation.Ballot.Kind;
import dev.caravan.provider.openai.OpenAiForm;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts the answers of a council's members: those that say the same together, by equality where any two are equal, by
 * likeness where none are. Immutable.
 */
final class Count {

    private final List<Seat> answered;
    private final Compare compare;
    private final boolean weighted;
    private final Likeness likeness;
    private final List<Vote> votes;
    private final Tally tally;

    /**
     * Reads and counts answers.
     *
     * @param answered members that have answered, in their order
     */
    Count(List<Seat> answered, Compare compare, boolean weighted, Likeness likeness) {
        this.answered = List.copyOf(answered);
        this.compare = compare;
        this.weighted = weighted;
        this.likeness = likeness;
        this.votes = answered.stream()
                .map(seat -> new Vote(
                        seat.index(),
                        seat.member().weight(),
                        BallotReader.read(seat.answer().message(), compare)))
                .toList();
        this.tally = Tally.of(votes, weighted);
    }

    /** Whether the outcome stays the same whatever those who are missing say. */
    boolean isDecided(List<BigDecimal> missing) {
        return missing.isEmpty() || (compare != Compare.FIELDS && tally.isDecided(missing));
    }

    /** How many members stand behind the leading answer. */
    int agreeing() {
        return tally.groups().isEmpty() ? 0 : tally.groups().getFirst().votes().size();
    }

    /** Whether all is free text, and no two say the same: then it matters which are alike. */
    boolean isOfFreeTexts() {
        return votes.size() > 1
                && tally.allDiffer()
                && votes.stream().allMatch(vote -> vote.ballot().kind() == Kind.TEXT);
    }

    /** The outcome; there must be an answer. */
    Verdict verdict() {
        if (compare == Compare.FIELDS) {
            var objects = objects();
            if (objects.size() > 1) {
                return elected(objects);
            }
        }
        if (isOfFreeTexts()) {
            var clusters = Clusters.of(votes, this::text, likeness.similarity(), weighted);
            if (clusters.getFirst().votes().size() > 1) {
                return verdict(
                        "similarity",
                        clusters,
                        "%s of %s members gave similar answers, %s; this one is nearest their centre.");
            }
        }
        var groups = tally.groups();
        if (votes.size() > 1 && isTie(groups)) {
            return verdict(
                    "votes",
                    groups,
                    "%s of %s members gave this answer, no more than another; the heavier, then the earlier member decides.");
        }
        return verdict("votes", groups, "%s of %s members gave this answer.");
    }

    /** The groups of equal answers. */
    List<Verdict.Opinion> opinions() {
        return opinions(tally.groups());
    }

    private static boolean isTie(List<Tally.Group> groups) {
        return groups.size() > 1
                && groups.get(0).count().compareTo(groups.get(1).count()) == 0;
    }

    private Verdict verdict(String by, List<Tally.Group> groups, String why) {
        var leading = groups.getFirst();
        var weight = weighted ? " Weight behind it: " + leading.count().toPlainString() + "." : "";
        return new Verdict(
                seat(leading.first().seat()).answer(),
                null,
                by,
                why.formatted(leading.votes().size(), votes.size(), likeness.text()) + weight,
                opinions(groups),
                isOfFreeTexts() ? likeness : null);
    }

    private Verdict elected(Map<Vote, ObjectNode> objects) {
        var elected = FieldVotes.elect(objects, weighted);
        return new Verdict(
                seat(tally.groups().getFirst().first().seat()).answer(),
                new String(OpenAiForm.bytes(elected), StandardCharsets.UTF_8),
                "fields",
                "Each field has the value that most of %s members gave it.".formatted(objects.size()),
                opinions());
    }

    private Map<Vote, ObjectNode> objects() {
        var objects = new LinkedHashMap<Vote, ObjectNode>();
        for (var vote : votes) {
            BallotReader.object(text(vote)).ifPresent(object -> objects.put(vote, object));
        }
        return objects;
    }

    private static List<Verdict.Opinion> opinions(List<Tally.Group> groups) {
        var opinions = new ArrayList<Verdict.Opinion>();
        for (var group : groups) {
            opinions.add(new Verdict.Opinion(
                    group.first().ballot(),
                    group.votes().stream().map(Vote::seat).sorted().toList(),
                    group.count()));
        }
        return opinions;
    }

    private String text(Vote vote) {
        return seat(vote.seat()).text();
    }

    private Seat seat(int index) {
        return answered.stream()
                .filter(seat -> seat.index() == index)
                .findFirst()
                .orElseThrow();
    }
}

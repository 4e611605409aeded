package dev.caravan.cooperation;

import static java.util.Comparator.comparing;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;

/** Votes, counted: those that say the same together, the leading ones first. Immutable. */
final class Tally {

    /** The heavier, then the earlier member comes first. */
    static final Comparator<Vote> RANK = comparing(Vote::weight).reversed().thenComparing(Vote::seat);

    /**
     * Votes that say the same.
     *
     * @param votes at least one; the first is that of the heaviest, then the earliest member
     * @param count how much they count together
     */
    record Group(List<Vote> votes, BigDecimal count) {

        Vote first() {
            return votes.getFirst();
        }
    }

    private final List<Group> groups;
    private final boolean weighted;

    private Tally(List<Group> groups, boolean weighted) {
        this.groups = groups;
        this.weighted = weighted;
    }

    /** @param weighted whether a vote counts as much as its member weighs, and not one */
    static Tally of(List<Vote> votes, boolean weighted) {
        var byBallot = new LinkedHashMap<Ballot, List<Vote>>();
        votes.forEach(vote ->
                byBallot.computeIfAbsent(vote.ballot(), _ -> new ArrayList<>()).add(vote));
        return new Tally(ranked(List.copyOf(byBallot.values()), weighted), weighted);
    }

    /** Groups that were made otherwise, ranked in the same way. */
    static List<Group> ranked(List<List<Vote>> groups, boolean weighted) {
        return groups.stream()
                .map(votes -> new Group(
                        votes.stream().sorted(RANK).toList(),
                        votes.stream().map(vote -> count(vote, weighted)).reduce(BigDecimal.ZERO, BigDecimal::add)))
                .sorted(comparing(Group::count).reversed().thenComparing(Group::first, RANK))
                .toList();
    }

    private static BigDecimal count(Vote vote, boolean weighted) {
        return weighted ? vote.weight() : BigDecimal.ONE;
    }

    /** The leading one first; of those that count the same, the one with the heavier, then the earlier member. */
    List<Group> groups() {
        return groups;
    }

    /** Whether no two say the same. */
    boolean allDiffer() {
        return groups.stream().allMatch(group -> group.votes().size() == 1);
    }

    /**
     * Whether the leading group stays in front whatever the others say.
     *
     * @param missing the weights of those who have not voted yet
     */
    boolean isDecided(List<BigDecimal> missing) {
        if (groups.isEmpty()) {
            return false;
        }
        var left = weighted
                ? missing.stream().reduce(BigDecimal.ZERO, BigDecimal::add)
                : BigDecimal.valueOf(missing.size());
        var second = groups.size() == 1 ? BigDecimal.ZERO : groups.get(1).count();
        return left.signum() == 0 || groups.getFirst().count().compareTo(second.add(left)) > 0;
    }
}

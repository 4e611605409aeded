package dev.caravan.cooperation;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.function.Function;

/** Free texts of which no two are equal, in clusters of similar ones. No state. */
final class Clusters {

    private Clusters() {}

    /**
     * Each vote stands with all that are similar to one of its cluster; the largest cluster first, and in it first the vote
     * nearest its centre: the one that is most similar to the others, each as heavy as it counts. Of vectors that is the one
     * with the greatest cosine to the sum of all, brought to the same length.
     */
    static List<Tally.Group> of(
            List<Vote> votes, Function<Vote, String> text, Similarity similarity, boolean weighted) {
        var clusters = new ArrayList<List<Vote>>();
        for (var vote : votes) {
            var near = clusters.stream()
                    .filter(cluster -> cluster.stream()
                            .anyMatch(other ->
                                    similarity.between(text.apply(vote), text.apply(other)) >= similarity.alike()))
                    .toList();
            var merged = new ArrayList<Vote>();
            near.forEach(merged::addAll);
            merged.add(vote);
            clusters.removeAll(near);
            clusters.add(merged);
        }
        return Tally.ranked(List.copyOf(clusters), weighted).stream()
                .map(group -> new Tally.Group(byCentrality(group.votes(), text, similarity, weighted), group.count()))
                .toList();
    }

    /** The votes come ranked: of those equally near the centre, the heavier, then the earlier stays in front. */
    private static List<Vote> byCentrality(
            List<Vote> votes, Function<Vote, String> text, Similarity similarity, boolean weighted) {
        var closeness = new HashMap<Vote, Double>();
        for (var vote : votes) {
            closeness.put(
                    vote,
                    votes.stream()
                            .mapToDouble(other -> similarity.between(text.apply(vote), text.apply(other))
                                    * (weighted ? other.weight() : BigDecimal.ONE).doubleValue())
                            .sum());
        }
        return votes.stream()
                .sorted(Comparator.comparing((Vote vote) -> closeness.getOrDefault(vote, 0.0))
                        .reversed())
                .toList();
    }
}

package dev.caravan.cooperation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.catalog.Council.Compare;
import dev.caravan.chat.ChatResponse;
import dev.caravan.provider.openai.OpenAiForm;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class TallyTest {

    @Test
    @DisplayName("A5 Most votes win; of equals the heavier, then the earlier member")
    void ranks() {
        assertThat(winner(false, vote("a", 1), vote("b", 9), vote("a", 1))).isZero();
        assertThat(winner(false, vote("a", 1), vote("b", 2))).isEqualTo(1);
        assertThat(winner(false, vote("a", 1), vote("b", 1))).isZero();
        assertThat(winner(true, vote("a", 1), vote("b", 9), vote("a", 1))).isEqualTo(1);
        assertThat(winner(true, vote("a", 2), vote("b", 3), vote("a", 1))).isEqualTo(1);
    }

    @Test
    @DisplayName("A5 Decided is what nobody who is missing can change, and no sooner")
    void decided() {
        assertThat(tally(false, vote("a", 1), vote("a", 1)).isDecided(weights(1)))
                .isTrue();
        assertThat(tally(false, vote("a", 1), vote("b", 1)).isDecided(weights(1)))
                .isFalse();
        assertThat(tally(false, vote("a", 1), vote("a", 1)).isDecided(weights(1, 1)))
                .isFalse();
        assertThat(tally(false, vote("a", 1), vote("a", 1), vote("a", 1)).isDecided(weights(9, 9)))
                .isTrue();
        assertThat(tally(true, vote("a", 1), vote("a", 1)).isDecided(weights(9)))
                .isFalse();
        assertThat(tally(true, vote("a", 5)).isDecided(weights(1, 2))).isTrue();
        assertThat(tally(false).isDecided(weights(1))).isFalse();
    }

    @Test
    @DisplayName("A5 A decision never differs from the count of all votes")
    void neverTooSoon() {
        var random = new Random(5);
        for (var i = 0; i < 5000; i++) {
            var weighted = random.nextBoolean();
            var votes = new ArrayList<Vote>();
            for (var n = 1 + random.nextInt(7); n > 0; n--) {
                votes.add(new Vote(
                        votes.size(),
                        BigDecimal.valueOf(1 + random.nextInt(4)),
                        ballot(String.valueOf(random.nextInt(3)))));
            }
            var last = Tally.of(votes, weighted).groups().getFirst().first().ballot();
            for (var seen = 1; seen < votes.size(); seen++) {
                var early = Tally.of(votes.subList(0, seen), weighted);
                var missing = votes.subList(seen, votes.size()).stream()
                        .map(Vote::weight)
                        .toList();
                if (early.isDecided(missing)) {
                    assertThat(early.groups().getFirst().first().ballot()).isEqualTo(last);
                }
            }
        }
    }

    @Test
    @DisplayName("A5 A majority of independent members is right as often as Condorcet says")
    void condorcet() {
        for (var members : List.of(3, 5, 9)) {
            for (var accuracy : List.of(0.6, 0.7, 0.8, 0.4)) {
                var random = new Random(Objects.hash(members, accuracy));
                var trials = 20_000;
                var right = 0;
                for (var trial = 0; trial < trials; trial++) {
                    var votes = new ArrayList<Vote>();
                    for (var seat = 0; seat < members; seat++) {
                        var text = random.nextDouble() < accuracy ? "The answer is 42." : "41";
                        votes.add(new Vote(seat, BigDecimal.ONE, BallotReader.read(text, Compare.AUTO)));
                    }
                    var won = Tally.of(votes, false).groups().getFirst().first().ballot();
                    right += won.value().equals("42") ? 1 : 0;
                }
                var expected = majorityIsRight(members, accuracy);
                assertThat(right / (double) trials)
                        .as(members + " members of accuracy " + accuracy)
                        .isCloseTo(expected, within(3.5 * Math.sqrt(expected * (1 - expected) / trials)));
            }
        }
    }

    @Test
    @DisplayName(
            "A5 Free texts stand in clusters of similar ones; the largest has the word, by the one nearest its centre")
    void clusters() {
        var texts = List.of(
                "bananas are yellow and sweet fruit",
                "the sky is blue because air scatters short waves of light",
                "because air scatters blue light more than red light the sky is blue",
                "the sky is blue because the air scatters the short waves of light more");
        var votes = new ArrayList<Vote>();
        texts.forEach(text -> votes.add(new Vote(votes.size(), BigDecimal.ONE, ballot(text))));

        var clusters = Clusters.of(votes, vote -> texts.get(vote.seat()), new TokenOverlap(), false);

        assertThat(clusters.getFirst().votes()).hasSize(3);
        assertThat(clusters.getFirst().first().seat()).isEqualTo(3);
        assertThat(clusters.getLast().votes()).extracting(Vote::seat).containsExactly(0);
    }

    @Test
    @DisplayName(
            "A5 By vectors: texts that share no word stand together, and first the one nearest the vectors' centre")
    void clustersOfVectors() {
        var texts = List.of("bananas", "cat", "feline", "kitty", "dog");
        var vectors = new Vectors(
                Map.of(
                        "bananas", new double[] {0, 0, 2},
                        "cat", new double[] {5, 1, 0},
                        "feline", new double[] {1, 0, 0},
                        "kitty", new double[] {0.1, -0.02, 0},
                        "dog", new double[] {3, 3, 0}),
                0.8);
        var votes = new ArrayList<Vote>();
        texts.forEach(text -> votes.add(new Vote(votes.size(), BigDecimal.valueOf(votes.size() + 1), ballot(text))));

        var clusters = Clusters.of(votes, vote -> texts.get(vote.seat()), vectors, false);

        // "dog" is 0.71 from "feline", but 0.83 from "cat", which is enough to stand with them
        assertThat(clusters.getFirst().votes()).extracting(Vote::seat).containsExactly(1, 2, 3, 4);
        assertThat(clusters.getLast().votes()).extracting(Vote::seat).containsExactly(0);
        var heavy = Clusters.of(votes, vote -> texts.get(vote.seat()), vectors, true);
        assertThat(heavy.getFirst().count()).isEqualTo("14");
        var strict = new Vectors(Map.of("a", new double[] {1, 0}, "b", new double[] {1, 1}), 0.8);
        assertThat(strict.between("a", "b")).isCloseTo(Math.sqrt(0.5), within(1e-12));
        assertThat(strict.between("a", "a")).isCloseTo(1, within(1e-12));
    }

    @Test
    @DisplayName(
            "A5 Two alike are equally near their centre, whatever the last digit: the heavier, then the earlier speaks")
    void twoAlike() {
        var random = new Random(3);
        for (var i = 0; i < 200; i++) {
            var vectors = new Vectors(
                    Map.of(
                            "one", random.doubles(50, 0.5, 1).toArray(),
                            "two", random.doubles(50, 0.5, 1).toArray()),
                    0.8);
            var votes = List.of(new Vote(0, BigDecimal.ONE, ballot("one")), new Vote(1, BigDecimal.ONE, ballot("two")));

            var clusters = Clusters.of(votes, vote -> vote.ballot().value(), vectors, false);

            assertThat(clusters).hasSize(1);
            assertThat(clusters.getFirst().first().seat()).isZero();
        }
    }

    @Test
    @DisplayName("A5 The vectors of an answer belong to the texts by their index; such as cannot be compared are none")
    void vectors() {
        assertThat(vectors("{\"index\":1,\"embedding\":[0,2]},{\"index\":0,\"embedding\":[3,4]}"))
                .hasValueSatisfying(
                        read -> assertThat(read.between("one", "two")).isCloseTo(0.8, within(1e-12)));
        assertThat(vectors("{\"index\":0,\"embedding\":[0,2]},{\"index\":1,\"embedding\":[3,4,5]}"))
                .isEmpty();
        assertThat(vectors("{\"index\":0,\"embedding\":[0,2]},{\"index\":1,\"embedding\":[0,0]}"))
                .isEmpty();
    }

    private static Optional<Vectors> vectors(String entries) {
        var answer =
                OpenAiForm.raw(("{\"data\":[" + entries + "]}").getBytes(UTF_8)).orElseThrow();
        return Vectors.of(new ChatResponse("", 0, "m", List.of(), null, answer), List.of("one", "two"), 0.8);
    }

    @Test
    @DisplayName("A5 Likeness is symmetric, 1 for the same and 0 for nothing in common")
    void overlap() {
        var overlap = new TokenOverlap();
        assertThat(overlap.between("a b c", "C, B, a!")).isEqualTo(1);
        assertThat(overlap.between("a b", "c d")).isZero();
        assertThat(overlap.between("a b c", "a b d"))
                .isEqualTo(overlap.between("a b d", "a b c"))
                .isEqualTo(0.5);
    }

    @Test
    @DisplayName("A5 Field by field, each has the value that most members give; what most leave out is left out")
    void fields() {
        var answers = new LinkedHashMap<Vote, ObjectNode>();
        for (var json : List.of(
                "{\"city\":\"Paris\",\"n\":1,\"odd\":true}",
                "{\"city\":\"Rome\",\"n\":2}",
                "{\"city\":\"paris\",\"n\":2.0}")) {
            answers.put(
                    new Vote(answers.size(), BigDecimal.ONE, ballot(json)),
                    Objects.requireNonNull(OpenAiForm.tree(json)));
        }

        assertThat(FieldVotes.elect(answers, false)).hasToString("{\"city\":\"Paris\",\"n\":2}");
    }

    private static double majorityIsRight(int members, double accuracy) {
        var sum = 0.0;
        for (var right = members / 2 + 1; right <= members; right++) {
            sum += choose(members, right) * Math.pow(accuracy, right) * Math.pow(1 - accuracy, members - right);
        }
        return sum;
    }

    private static double choose(int n, int k) {
        var ways = 1.0;
        for (var i = 1; i <= k; i++) {
            ways = ways * (n - k + i) / i;
        }
        return ways;
    }

    private record Cast(String text, int weight) {}

    private static Cast vote(String text, int weight) {
        return new Cast(text, weight);
    }

    private static Tally tally(boolean weighted, Cast... casts) {
        var votes = new ArrayList<Vote>();
        for (var cast : casts) {
            votes.add(new Vote(votes.size(), BigDecimal.valueOf(cast.weight()), ballot(cast.text())));
        }
        return Tally.of(votes, weighted);
    }

    private static int winner(boolean weighted, Cast... casts) {
        return tally(weighted, casts).groups().getFirst().first().seat();
    }

    private static List<BigDecimal> weights(int... weights) {
        var all = new ArrayList<BigDecimal>();
        for (var weight : weights) {
            all.add(BigDecimal.valueOf(weight));
        }
        return all;
    }

    private static Ballot ballot(String text) {
        return new Ballot(Ballot.Kind.TEXT, text);
    }
}

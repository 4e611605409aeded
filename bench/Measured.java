package bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** All that came of a run. */
record Measured(Setting setting, List<Start> starts, List<Round> rounds) {

    /** The rounds by case and target, warm-ups left out, in the order they were measured. */
    List<Group> groups() {
        var groups = new ArrayList<Group>();
        for (var round : rounds) {
            if (round.number() > 0) {
                group(groups, round).rounds().add(round);
            }
        }
        return groups;
    }

    Optional<Group> group(String caseName, String targetName) {
        return groups().stream()
                .filter(group -> group.what().name().equals(caseName))
                .filter(group -> group.target().name().equals(targetName))
                .findFirst();
    }

    /** The CPU per request of each case's first target against that of each other one, where both are known twice at least. */
    List<Quotient> quotients() {
        var quotients = new ArrayList<Quotient>();
        for (var group : groups()) {
            group(group.what().name(), rounds.getFirst().target().name())
                    .filter(first -> !first.target().equals(group.target()))
                    .map(first -> Quotient.of(first, group))
                    .filter(quotient -> quotient.rounds().size() > 1)
                    .ifPresent(quotients::add);
        }
        return quotients;
    }

    /** How long the target was asked before the rounds of a group. */
    long warmUpSeconds(Group group) {
        var warmUps = rounds.stream()
                .filter(round -> round.number() == 0)
                .filter(round ->
                        round.what().equals(group.what()) && round.target().equals(group.target()))
                .count();
        return warmUps * group.what().warmUpSeconds();
    }

    /** How long the first text of an answer took, in ms longer than from the mock itself. */
    Spread firstOverDirect(Group group, ToDoubleFunction<Result> micros) {
        var direct = group(group.what().name(), Target.DIRECT)
                .map(known -> known.median(round -> micros.applyAsDouble(round.result())))
                .orElse(Double.NaN);
        return group.spread(round -> (micros.applyAsDouble(round.result()) - direct) / 1000);
    }

    Spread starts(Start.Kind kind) {
        return Spread.of(starts.stream().filter(start -> start.kind() == kind).mapToDouble(Start::seconds));
    }

    /** Whether each answer was right and the upstream counted what the clients did, warm-ups included. */
    boolean isRight() {
        return rounds.stream().allMatch(Round::isRight);
    }

    private static Group group(List<Group> groups, Round round) {
        for (var group : groups) {
            if (group.what().equals(round.what()) && group.target().equals(round.target())) {
                return group;
            }
        }
        groups.add(new Group(round.what(), round.target(), new ArrayList<>()));
        return groups.getLast();
    }
}

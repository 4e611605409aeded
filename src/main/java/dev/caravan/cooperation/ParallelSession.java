package dev.caravan.cooperation;

import dev.caravan.catalog.Council.Strategy;
import java.util.List;
import java.util.stream.IntStream;

/** All members at once; for a consensus again, until enough of them agree. */
public final class ParallelSession extends Panel {

    private int round;
    private List<Turn> turns = List.of();

    ParallelSession(Setting setting) {
        super(setting);
    }

    /** Whether members are to be asked now: the first time, or for a consensus once more. */
    public boolean isRoundDue() {
        if (round == 0 || !isWanted()) {
            return round == 0;
        }
        return council().strategy() == Strategy.CONSENSUS
                && round < council().rounds()
                && !isTimeUp()
                && isQuorate()
                && !isAgreed();
    }

    /** The next round begins. In the first each is asked alone; later those who answered see what the others said. */
    public ParallelSession openRound() {
        if (round == 0) {
            keepForJudge();
        }
        round++;
        if (round == 1) {
            turns = seats().stream()
                    .map(seat -> turn(seat, questions().plain(seat.model()), true))
                    .toList();
            return this;
        }
        var answered = answered();
        var requests = answered.stream()
                .map(seat -> questions()
                        .revise(
                                seat.model(),
                                seat.text(),
                                answered.stream()
                                        .filter(other -> other != seat)
                                        .map(Seat::text)
                                        .toList()))
                .toList();
        turns = IntStream.range(0, answered.size())
                .mapToObj(i -> turn(answered.get(i), requests.get(i), true))
                .toList();
        return this;
    }

    /** The questions of this round. */
    public List<Turn> turns() {
        return turns;
    }

    int rounds() {
        return round;
    }

    /** Whether the outcome of this round stays the same whatever those say who have not answered yet. */
    public boolean isDecided() {
        var missing = missing();
        if (missing.isEmpty()) {
            return false; // nobody is left to let go
        }
        if (!canBeQuorate(
                (int) missing.stream().filter(seat -> !seat.hasAnswered()).count())) {
            return true;
        }
        var settled =
                answered().stream().filter(seat -> !missing.contains(seat)).toList();
        return switch (council().strategy()) {
            case VOTING, WEIGHTED ->
                isQuorate()
                        && count(settled)
                                .isDecided(missing.stream()
                                        .map(seat -> seat.member().weight())
                                        .toList());
            case CONSENSUS -> count(settled).agreeing() >= council().quorumOrUsual();
            case null, default -> false;
        };
    }

    private boolean isAgreed() {
        return count(answered()).agreeing() >= council().quorumOrUsual();
    }

    @Override
    Verdict conclude() {
        if (council().strategy() != Strategy.CONSENSUS) {
            return super.conclude();
        }
        var verdict = super.conclude();
        var times = round == 1 ? "1 round" : round + " rounds";
        if (!isAgreed()) {
            return because(
                    verdict,
                    verdict.by(),
                    "No " + council().quorumOrUsual() + " members agreed in " + times + ", so answers were counted: ");
        }
        return new Verdict(
                verdict.answer(),
                verdict.content(),
                "consensus",
                count(answered()).agreeing() + " of " + answered().size() + " members agreed after " + times + ".",
                verdict.groups());
    }
}

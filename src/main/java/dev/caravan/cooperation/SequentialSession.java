package dev.caravan.cooperation;

import dev.caravan.catalog.Council.Strategy;
import java.util.List;

/** One member after the other; each sees the question and the work so far. */
public final class SequentialSession extends Panel {

    private int next;

    SequentialSession(Setting setting) {
        super(setting);
    }

    /** Whether another member is to go on with the work. */
    public boolean isMemberDue() {
        return next < seats().size() && isWanted() && !isTimeUp() && canBeQuorate(seats().size() - next);
    }

    /** The question to the next member. */
    public Turn nextTurn() {
        if (next == 0) {
            keepForJudge();
        }
        var seat = seats().get(next);
        next++;
        var last = writesItself() && next == seats().size();
        var work = answered().stream().map(Seat::text).toList();
        return turn(seat, questions().goOn(seat.model(), work, last, last && isLive()), true);
    }

    @Override
    boolean writesItself() {
        return council().strategy() == Strategy.ENSEMBLE && council().judge() == null;
    }

    @Override
    Verdict conclude() {
        if (!writesItself()) {
            return super.conclude();
        }
        var answered = answered();
        var last = answered.getLast();
        var missing = last.index() + 1 == seats().size() ? "" : " Nobody after it answered, so its work stands.";
        return new Verdict(
                last.answer(),
                null,
                "sequence",
                answered.size() == 1
                        ? "'" + last.model() + "' alone answered." + missing
                        : "'" + last.model() + "' wrote it on the work of " + (answered.size() - 1) + " before it."
                                + missing,
                List.of());
    }
}

package dev.caravan.cooperation;

import dev.caravan.catalog.Council.Task;
import dev.caravan.chat.ChatError;
import dev.caravan.chat.ErrorCode;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Steps, each with a task of its own on what the one before has made. */
public final class PipelineSession extends Session {

    private static final String STEP = "direct:cooperation.step?block=false";

    private int next;

    PipelineSession(Setting setting) {
        super(setting);
    }

    /** The way that the request takes: the same route for each step. */
    public String itinerary() {
        return String.join(",", Collections.nCopies(seats().size(), STEP));
    }

    /** Whether the next step is to be done: not after one that failed. */
    public boolean isStepDue() {
        return next < seats().size() && answered().size() == next && isWanted();
    }

    /** The question of the next step; the last one's answer is streamed where the caller wants a stream. */
    public Turn nextTurn() {
        var seat = seats().get(next);
        var work = next == 0
                ? Optional.<String>empty()
                : Optional.of(seats().get(next - 1).text());
        next++;
        var live = next == seats().size() && isLive();
        return turn(seat, questions().step(seat.model(), task(seat), work, live), true);
    }

    @Override
    Optional<Verdict> verdict() {
        return answered().size() < seats().size()
                ? Optional.empty()
                : Optional.of(new Verdict(
                        seats().getLast().answer(),
                        null,
                        "pipeline",
                        "All " + seats().size() + " steps were done.",
                        List.of()));
    }

    @Override
    ChatError failure() {
        var at = answered().size();
        var seat = seats().get(at);
        var step = "Step %s of %s ('%s' by '%s')"
                .formatted(at + 1, seats().size(), task(seat).name(), seat.model());
        if (seat.state() == Seat.State.NOT_ASKED) {
            return ChatError.invalid(
                            field("max_cost"), step + " was not done: it might cost more than 'max_cost' leaves.")
                    .withCause(Turn.TOO_DEAR);
        }
        return Absences.error(seat)
                .map(error -> new ChatError(
                        error.code(),
                        error.status(),
                        step + " failed: " + Absences.inShort(error.message()) + ".",
                        error.param(),
                        error.cause(),
                        error.retryAfter()))
                .orElseGet(() -> ChatError.of(ErrorCode.TIMEOUT, step + " was not reached in time."));
    }

    private static Task task(Seat seat) {
        var task = seat.member().task();
        if (task == null) {
            throw new IllegalStateException("a step without a task");
        }
        return task;
    }
}

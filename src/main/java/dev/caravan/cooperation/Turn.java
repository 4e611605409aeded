package dev.caravan.cooperation;

import dev.caravan.chat.Cancellation;
import dev.caravan.chat.ChatError;
import dev.caravan.chat.ChatRequest;
import dev.caravan.chat.ErrorCode;
import dev.caravan.chat.Message;
import dev.caravan.chat.Outcome;
import dev.caravan.cooperation.Seat.State;
import dev.caravan.plan.Ask;
import dev.caravan.plan.Asker;
import dev.caravan.plan.Deadlines;
import dev.caravan.plan.Failures;
import java.math.BigDecimal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One question to one member, from when it is decided to its answer. It is asked as a request of its own, which can be let
 * go without the others. Used by one thread at a time; it may be let go by any.
 */
public final class Turn implements Asker {

    /** Why a member was not asked, as the cause of its error. */
    static final String TOO_DEAR = "max_cost";

    private final Session session;
    private final Seat seat;
    private final Ask ask;
    private final boolean counted;
    private final BigDecimal estimate;
    private final Cancellation.Registration registration;
    private boolean begun;
    private Deadlines.@Nullable Watch watch;
    private long beganNanos;
    private long endedNanos;

    /** @param counted whether it is a member's own answer, which the deadline ends, and not that of a judge */
    Turn(Session session, Seat seat, ChatRequest request, boolean counted) {
        this.session = session;
        this.seat = seat;
        this.counted = counted;
        var wanted = new Cancellation();
        var whole = session.whole().cancellation();
        this.registration = whole.onCancel(() -> {
            var why = whole.reason();
            wanted.cancel(why == null ? Cancellation.Reason.NOT_NEEDED : why);
        });
        this.ask = session.whole().on(request, wanted, session.whole().remaining(), this);
        this.estimate = session.budget().estimate(request);
        if (!session.budget().reserve(estimate)) {
            ask.settle(new Outcome.Failed(
                    ChatError.of(ErrorCode.SERVICE_UNAVAILABLE, "Asking it might cost more than 'max_cost' leaves.")
                            .withCause(TOO_DEAR)));
        }
    }

    /** It is let go if its answer is not there by then. Said before it is asked. */
    Turn within(Duration most, Deadlines deadlines) {
        watch = deadlines.after(most, () -> letGo(Cancellation.Reason.DEADLINE));
        return this;
    }

    Seat seat() {
        return seat;
    }

    Ask ask() {
        return ask;
    }

    boolean isCounted() {
        return counted;
    }

    /** Waits until fewer are asked than may be at once; gives what is to be asked, by the path of every request. */
    public Ask begin() {
        beganNanos = System.nanoTime();
        begun = ask.isOpen() && session.awaitPlace(ask.cancellation());
        var reason = ask.cancellation().reason();
        if (ask.isOpen() && reason != null) {
            ask.settle(new Outcome.Failed(Failures.cancelled(reason)));
        }
        return ask;
    }

    /** The question has its answer, good or bad; gives the session it belongs to. */
    public Session end() {
        endedNanos = System.nanoTime();
        if (watch != null) {
            watch.end();
        }
        if (!(ask.outcome() instanceof Outcome.Streaming)) {
            registration.close(); // a stream that goes on can still be let go with the whole
        }
        if (begun) {
            session.leavePlace();
        }
        if (!isTooDear()) {
            session.budget().release(estimate);
        }
        if (ask.outcome() instanceof Outcome.Answered(var response)
                && !response.choices().isEmpty() // vectors have none
                && Seat.text(response.choices().getFirst().message()).isEmpty()) {
            ask.settle(new Outcome.Failed(ChatError.of(ErrorCode.INFERENCE_FAILED, "It gave an empty answer.")
                    .withCause("empty_answer")));
        }
        session.ended(this, state());
        return session;
    }

    /** It is not wanted any more; a call that is being made is let go at once. */
    void letGo(Cancellation.Reason reason) {
        ask.cancellation().cancel(reason);
    }

    boolean isTooDear() {
        return ask.outcome() instanceof Outcome.Failed(var error) && TOO_DEAR.equals(error.cause());
    }

    /** The answer, which it must have. */
    Message message() {
        if (ask.outcome() instanceof Outcome.Answered(var response)) {
            return response.choices().getFirst().message();
        }
        throw new IllegalStateException("no answer");
    }

    /** From asking to the answer, in milliseconds; of a stream that still runs, until now. */
    long latencyMillis() {
        var end = ask.outcome() instanceof Outcome.Streaming || endedNanos == 0 ? System.nanoTime() : endedNanos;
        return Duration.ofNanos(end - beganNanos).toMillis();
    }

    private State state() {
        return switch (ask.outcome()) {
            case Outcome.Answered _, Outcome.Streaming _ -> State.ANSWERED;
            case Outcome.Failed _ when isTooDear() -> State.NOT_ASKED;
            case Outcome.Failed _ ->
                switch (ask.cancellation().reason()) {
                    case NOT_NEEDED -> State.LET_GO;
                    case DEADLINE -> State.LATE;
                    case null, default -> State.FAILED;
                };
        };
    }
}

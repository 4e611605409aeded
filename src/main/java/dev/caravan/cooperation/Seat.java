package dev.caravan.cooperation;

import dev.caravan.catalog.Council;
import dev.caravan.chat.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A model's place in a session, and what it said there. Guarded by the session. */
final class Seat {

    /** What has become of a member. */
    enum State {
        /** It has not been asked, or not answered yet. */
        WAITING,
        ANSWERED,
        FAILED,
        /** The deadline came first. */
        LATE,
        /** The outcome did not depend on its answer any more. */
        LET_GO,
        /** It might have cost more than was left. */
        NOT_ASKED;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final int index;
    private final Council.Member member;
    private final List<Turn> turns = new ArrayList<>(1);
    private State state = State.WAITING;
    private @Nullable Turn answer;

    Seat(int index, Council.Member member) {
        this.index = index;
        this.member = member;
    }

    int index() {
        return index;
    }

    Council.Member member() {
        return member;
    }

    String model() {
        return member.model();
    }

    State state() {
        return state;
    }

    List<Turn> turns() {
        return turns;
    }

    void begin(Turn turn) {
        turns.add(turn);
    }

    /** A turn has ended; one that brought nothing leaves an earlier answer standing. */
    void end(Turn turn, State outcome) {
        if (outcome == State.ANSWERED) {
            answer = turn;
        }
        state = answer == null ? outcome : State.ANSWERED;
    }

    boolean hasAnswered() {
        return answer != null;
    }

    /** The turn that brought the answer which stands. */
    Turn answer() {
        if (answer == null) {
            throw new IllegalStateException("no answer");
        }
        return answer;
    }

    Optional<Turn> lastTurn() {
        return turns.isEmpty() ? Optional.empty() : Optional.of(turns.getLast());
    }

    /** The text of the answer; of one that calls tools what it calls. */
    String text() {
        return text(answer().message());
    }

    static String text(Message message) {
        if (message.content() != null && !message.content().isBlank()) {
            return message.content();
        }
        if (!message.toolCalls().isEmpty()) {
            return String.join(
                    "\n",
                    message.toolCalls().stream()
                            .map(call -> call.name() + "(" + call.arguments() + ")")
                            .toList());
        }
        return message.refusal() == null ? "" : message.refusal();
    }
}

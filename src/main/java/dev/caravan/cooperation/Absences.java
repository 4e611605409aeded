package dev.caravan.cooperation;

import dev.caravan.chat.ChatError;
import dev.caravan.chat.ErrorCode;
import dev.caravan.chat.Outcome;
import dev.caravan.cooperation.Seat.State;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** Why a council without its quorum gives no answer: who is missing, and why. No state. */
final class Absences {

    private static final int SHOWN = 160;

    private Absences() {}

    static ChatError error(Session session, int answered, int quorum) {
        var absent =
                session.seats().stream().filter(seat -> !seat.hasAnswered()).toList();
        var message = "%s of %s members answered, and %s must: %s."
                .formatted(
                        answered,
                        session.seats().size(),
                        quorum,
                        absent.stream().map(Absences::sentence).collect(Collectors.joining("; ")));
        var tooDear =
                absent.stream().filter(seat -> seat.state() == State.NOT_ASKED).count();
        if (tooDear > 0 && answered + tooDear >= quorum) {
            return ChatError.invalid(session.field("max_cost"), message).withCause(Turn.TOO_DEAR);
        }
        var errors = absent.stream()
                .filter(seat -> seat.state() == State.FAILED)
                .flatMap(seat -> error(seat).stream())
                .toList();
        return like(errors, answered, message).withCause("quorum_not_met");
    }

    /** Where all failed for one kind of reason, that kind: the caller's own, pauses that were asked for, time. */
    private static ChatError like(List<ChatError> errors, int answered, String message) {
        if (errors.isEmpty()) {
            return ChatError.of(ErrorCode.TIMEOUT, message);
        }
        if (answered == 0 && errors.stream().allMatch(error -> error.code() == ErrorCode.INVALID_REQUEST)) {
            var first = errors.getFirst();
            var same = ChatError.invalid(first.param(), message);
            return same.withStatus(first.status());
        }
        if (answered == 0 && errors.stream().allMatch(error -> error.code() == ErrorCode.RATE_LIMIT_EXCEEDED)) {
            return ChatError.of(ErrorCode.RATE_LIMIT_EXCEEDED, message)
                    .withRetryAfter(errors.stream()
                            .map(ChatError::retryAfter)
                            .filter(Objects::nonNull)
                            .min(Comparator.naturalOrder())
                            .orElse(null));
        }
        return ChatError.of(ErrorCode.SERVICE_UNAVAILABLE, message);
    }

    static Optional<ChatError> error(Seat seat) {
        return seat.lastTurn()
                .map(turn -> turn.ask().outcome())
                .flatMap(outcome ->
                        outcome instanceof Outcome.Failed(var error) ? Optional.of(error) : Optional.empty());
    }

    private static String sentence(Seat seat) {
        var what = switch (seat.state()) {
            case WAITING -> " was not asked";
            case ANSWERED -> " answered";
            case FAILED -> " failed";
            case LATE -> " was too late";
            case LET_GO -> " was let go";
            case NOT_ASKED -> " was not asked, since that might cost more than 'max_cost' leaves";
        };
        var why = seat.state() == State.FAILED
                ? error(seat)
                        .map(error -> " (" + inShort(error.message()) + ")")
                        .orElse("")
                : "";
        return "'" + seat.model() + "'" + what + why;
    }

    static String inShort(String message) {
        var sentence = message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
        return sentence.length() > SHOWN ? sentence.substring(0, SHOWN) + "…" : sentence;
    }
}

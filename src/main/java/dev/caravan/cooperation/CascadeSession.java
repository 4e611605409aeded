package dev.caravan.cooperation;

import dev.caravan.catalog.Council.Check;
import dev.caravan.chat.ChatError;
import dev.caravan.chat.Usage;
import dev.caravan.plan.CallRecord;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The first member whose answer is good enough; the last one's is taken as it is. */
public final class CascadeSession extends Session {

    private static final String TIER = "direct:cooperation.tier?block=false";
    private static final Pattern MARK = Pattern.compile("\\d{1,2}(?:\\.\\d{1,3})?");

    private enum Phase {
        BEGIN,
        ASKED,
        CHECKED
    }

    private Phase phase = Phase.BEGIN;
    private int tier = -1;
    private boolean passed;
    private String found = "";

    CascadeSession(Setting setting) {
        super(setting);
    }

    /** Where the request goes next: to a tier, to the check of what it answered, or nowhere once that is good enough. */
    public @Nullable String next() {
        return switch (phase) {
            case BEGIN -> toTier();
            case ASKED -> isAnswered() && hasMore() ? toCheck() : isAnswered() ? null : toTier();
            case CHECKED -> passed ? null : toTier();
        };
    }

    private @Nullable String toTier() {
        if (!hasMore()) {
            return null;
        }
        phase = Phase.ASKED;
        return TIER;
    }

    private String toCheck() {
        phase = Phase.CHECKED;
        return "direct:cooperation.check."
                + switch (check()) {
                    case Check.Agreement _ -> "agreement";
                    case Check.Score _ -> "judge";
                    case Check.Schema _, Check.Form _ -> "form";
                }
                + "?block=false";
    }

    private boolean hasMore() {
        return tier + 1 < seats().size() && isWanted() && !isTimeUp();
    }

    private boolean isAnswered() {
        return seats().get(tier).hasAnswered();
    }

    private Check check() {
        var check = council().check();
        if (check == null) {
            throw new IllegalStateException("a cascade without a check");
        }
        return check;
    }

    /** The question to the next tier. */
    public Turn nextTurn() {
        tier++;
        var seat = seats().get(tier);
        return turn(seat, questions().plain(seat.model()), true);
    }

    /** The same question to the same model once more. */
    public Turn sampleAgain() {
        var model = seats().get(tier).model();
        return turn(seatFor(model), questions().plain(model), true);
    }

    /** Whether both samples say the same. */
    public CascadeSession compareSamples() {
        var again = helpers().getLast();
        passed = again.hasAnswered()
                && BallotReader.read(again.answer().message(), council().compare())
                        .equals(BallotReader.read(
                                seats().get(tier).answer().message(), council().compare()));
        found = again.hasAnswered()
                ? passed ? "two samples agree" : "two samples differ"
                : "a second sample could not be had";
        return this;
    }

    /** The question to the judge, who gives marks from 0 to 10. */
    public Turn askForScore() {
        var judge = check() instanceof Check.Score(var model, var _) ? model : "";
        return turn(seatFor(judge), questions().score(judge, seats().get(tier).text()), true);
    }

    /** Whether the mark is high enough; one that cannot be read is not. */
    public CascadeSession readScore() {
        var judge = helpers().getLast();
        var least = check() instanceof Check.Score(var _, var score) ? score : BigDecimal.TEN;
        var mark = judge.hasAnswered()
                ? MARK.matcher(judge.text())
                        .results()
                        .map(match -> new BigDecimal(match.group()))
                        .filter(number -> number.compareTo(BigDecimal.TEN) <= 0)
                        .findFirst()
                : Optional.<BigDecimal>empty();
        passed = mark.filter(number -> number.compareTo(least) >= 0).isPresent();
        found = mark.map(number -> "'" + judge.model() + "' gave it " + number.toPlainString() + " of 10, and "
                        + least.toPlainString() + " are wanted")
                .orElse("'" + judge.model() + "' gave no mark");
        return this;
    }

    /** Whether the answer has the form that is wanted. */
    public CascadeSession checkForm() {
        var text = seats().get(tier).text();
        passed = switch (check()) {
            case Check.Schema(var schema) -> Forms.satisfies(text, schema);
            case Check.Form(var regex) -> Forms.matches(text, regex);
            case Check.Agreement _, Check.Score _ -> throw new IllegalStateException("no check of form");
        };
        found = passed ? "it has the wanted form" : "it has not the wanted form";
        return this;
    }

    @Override
    Optional<Verdict> verdict() {
        return seats().reversed().stream().filter(Seat::hasAnswered).findFirst().map(this::verdict);
    }

    private Verdict verdict(Seat seat) {
        var at = "Tier " + (seat.index() + 1) + " of " + seats().size() + ", '" + seat.model() + "', answered";
        if (passed) {
            return new Verdict(seat.answer(), null, "check", at + ": " + found + ".", List.of());
        }
        var why = seat.index() + 1 == seats().size()
                ? at + "; nobody checks the last."
                : at + ", and no better answer was to be had" + (found.isEmpty() ? "." : ", although " + found + ".");
        return new Verdict(seat.answer(), null, "last", why, List.of());
    }

    /** What asking the last tier at once would have cost more, in USD, had its answer been as long. */
    BigDecimal saved() {
        var usage = verdict()
                .map(verdict -> verdict.answer().ask().calls().stream()
                        .map(CallRecord::usage)
                        .reduce(Usage.NONE, Usage::plus))
                .orElse(Usage.NONE);
        return Budget.price(whole().catalog(), seats().getLast().model(), usage).subtract(whole().cost());
    }

    @Override
    ChatError failure() {
        return Absences.error(this, 0, 1);
    }
}

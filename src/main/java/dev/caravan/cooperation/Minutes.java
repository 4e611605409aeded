package dev.caravan.cooperation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.catalog.Council;
import dev.caravan.chat.Outcome;
import dev.caravan.chat.Usage;
import dev.caravan.plan.Ask;
import dev.caravan.plan.CallRecord;
import dev.caravan.provider.openai.OpenAiForm;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Objects;

/** What an answer tells under {@code caravan} of how it came about. No state. */
final class Minutes {

    private static final int COST_DECIMALS = 12;
    private static final int SHOWN = 200;
    private static final String LATE = "The deadline for members came before its answer.";
    private static final String LATE_HELP = "Its time was up before its answer.";

    private Minutes() {}

    static ObjectNode of(Session session, Verdict verdict) {
        var council = session.council();
        var told = OpenAiForm.object().put("mode", session.mode());
        if (council.strategy() != null) {
            told.put("strategy", session.strategy());
        }
        told.set("verdict", verdict(session, verdict));
        told.put("why", verdict.why());
        var members = told.putArray("members");
        session.seats().forEach(seat -> members.add(member(session, verdict, seat)));
        if (!session.helpers().isEmpty()) {
            var helpers = told.putArray("helpers");
            session.helpers().forEach(seat -> helpers.add(seat(session, seat)));
        }
        if (session instanceof Panel) {
            told.put("quorum", council.quorumOrUsual());
        }
        if (session instanceof ParallelSession parallel && council.strategy() == Council.Strategy.CONSENSUS) {
            told.put("rounds", parallel.rounds());
        }
        told.set("usage", OpenAiForm.usage(usage(session.whole())));
        told.put("cost", money(session.whole().cost()));
        if (council.maxCost() != null) {
            told.put("max_cost", money(council.maxCost()));
        }
        if (session instanceof CascadeSession cascade) {
            told.put("saved", money(cascade.saved()));
        }
        return told;
    }

    /** What all calls of a request have used together. */
    static Usage usage(Ask ask) {
        return ask.calls().stream().map(CallRecord::usage).reduce(Usage.NONE, Usage::plus);
    }

    private static ObjectNode verdict(Session session, Verdict verdict) {
        var told = OpenAiForm.object()
                .put("by", verdict.by())
                .put("model", verdict.answer().seat().model());
        if (verdict.likeness() != null) {
            told.set("similarity", similarity(verdict.likeness()));
        }
        if (!verdict.groups().isEmpty()) {
            var groups = told.putArray("groups");
            for (var opinion : verdict.groups()) {
                var group = groups.addObject()
                        .put("says", cut(opinion.ballot().value()))
                        .put("read_as", opinion.ballot().kind().text())
                        .put("count", number(opinion.count()));
                var members = group.putArray("members");
                opinion.seats()
                        .forEach(seat -> members.add(session.seats().get(seat).model()));
            }
        }
        return told;
    }

    private static ObjectNode similarity(Likeness likeness) {
        var told = OpenAiForm.object().put("by", likeness.similarity().by());
        if (likeness.model() != null) {
            told.put("model", likeness.model());
        }
        told.put("alike", likeness.similarity().alike());
        if (likeness.instead() != null) {
            told.put("because", likeness.instead() + ".");
        }
        return told;
    }

    private static ObjectNode member(Session session, Verdict verdict, Seat seat) {
        var told = seat(session, seat);
        told.put("weight", number(seat.member().weight()));
        var task = seat.member().task();
        if (task != null) {
            told.put("task", task.name());
        }
        if (!verdict.groups().isEmpty()) {
            for (var opinion : verdict.groups()) {
                if (opinion.seats().contains(seat.index())) {
                    told.put(
                            "agrees",
                            opinion.seats().contains(verdict.answer().seat().index()));
                }
            }
        }
        return told;
    }

    private static ObjectNode seat(Session session, Seat seat) {
        var told = OpenAiForm.object()
                .put("model", seat.model())
                .put("status", seat.state().text());
        var calls = seat.turns().stream()
                .flatMap(turn -> turn.ask().calls().stream())
                .toList();
        if (!calls.isEmpty()) {
            told.put("provider", calls.getLast().provider());
        }
        seat.lastTurn().filter(turn -> !turn.isTooDear()).ifPresent(turn -> {
            told.put(
                    "latency_ms",
                    seat.turns().stream().mapToLong(Turn::latencyMillis).sum());
            told.set(
                    "usage",
                    OpenAiForm.usage(calls.stream().map(CallRecord::usage).reduce(Usage.NONE, Usage::plus)));
            told.put(
                    "cost",
                    money(seat.turns().stream()
                            .map(each -> each.ask().cost())
                            .reduce(BigDecimal.ZERO, BigDecimal::add)));
            dropped(told, turn.ask().dropped());
        });
        if (seat.hasAnswered()
                && seat.answer().ask().outcome() instanceof Outcome.Answered(var response)
                && !response.choices().isEmpty()) {
            var ballot =
                    BallotReader.read(seat.answer().message(), session.council().compare());
            told.putObject("read_as").put("kind", ballot.kind().text()).put("value", cut(ballot.value()));
            if (session.council().answers()) {
                told.put("answer", seat.text());
            }
            response.source()
                    .value("caravan")
                    .map(inner -> Objects.requireNonNull(OpenAiForm.tree(inner)))
                    .ifPresent(inner -> told.set("council", inner));
        } else if (!seat.hasAnswered()) {
            Absences.error(seat)
                    .ifPresent(error -> told.putObject("error")
                            .put("code", error.code().text())
                            .put("message", seat.state() == Seat.State.LATE ? late(session, seat) : error.message()));
        }
        return told;
    }

    private static String late(Session session, Seat seat) {
        return session.seats().contains(seat) ? LATE : LATE_HELP;
    }

    private static void dropped(ObjectNode told, List<String> fields) {
        if (!fields.isEmpty()) {
            var dropped = told.putArray("dropped");
            fields.forEach(dropped::add);
        }
    }

    private static BigDecimal money(BigDecimal usd) {
        return number(usd.setScale(Math.min(usd.scale(), COST_DECIMALS), RoundingMode.HALF_EVEN));
    }

    /** Without needless zeros, and never as 1E+1. */
    private static BigDecimal number(BigDecimal number) {
        var plain = number.stripTrailingZeros();
        return plain.scale() < 0 ? plain.setScale(0) : plain;
    }

    private static String cut(String value) {
        return value.length() > SHOWN ? value.substring(0, SHOWN) + "…" : value;
    }
}

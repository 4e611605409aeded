package dev.caravan.cooperation;

import static java.util.Comparator.comparing;

import dev.caravan.catalog.Council.Embeddings;
import dev.caravan.catalog.Council.Strategy;
import dev.caravan.chat.ChatError;
import dev.caravan.chat.ChatRequest;
import dev.caravan.chat.Outcome;
import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A session in which several answers become one: by counting, by a judge, or by someone who writes it out of all. */
public abstract sealed class Panel extends Session permits ParallelSession, SequentialSession {

    private static final Pattern NUMBER = Pattern.compile("\\d{1,3}");

    private BigDecimal kept = BigDecimal.ZERO;
    private @Nullable Turn closing;
    private @Nullable Turn vectors;
    private @Nullable Likeness likeness;

    Panel(Setting setting) {
        super(setting);
    }

    /** Whether so many have answered that the council may. */
    public final boolean isQuorate() {
        return answered().size() >= council().quorumOrUsual();
    }

    /** Whether enough are left, if all of them answer. */
    final boolean canBeQuorate(int stillToCome) {
        return answered().size() + stillToCome >= council().quorumOrUsual();
    }

    /** Whether a judge is to pick an answer: not where there is only one. */
    public final boolean wantsJudge() {
        return council().strategy() == Strategy.SELECTIVE && isChoice();
    }

    /** Whether one answer is to be written out of several: not where there is only one. */
    public final boolean wantsSynthesis() {
        return council().strategy() == Strategy.ENSEMBLE && isChoice() && !writesItself();
    }

    /** Whether the last member's answer is the whole council's already. */
    boolean writesItself() {
        return false;
    }

    private boolean isChoice() {
        return isWanted() && isQuorate() && answered().size() > 1;
    }

    /** The question to the judge. */
    public final Turn judge() {
        return close(questions().pick(judgeModel(), texts()));
    }

    /** The question to whoever writes the answer; streamed where the caller wants a stream. */
    public final Turn synthesis() {
        return close(questions().synthesis(judgeModel(), texts(), isLive()));
    }

    /** Keeps what the judge may cost, so that members do not spend it. */
    final void keepForJudge() {
        var strategy = council().strategy();
        if (strategy == Strategy.SELECTIVE || (strategy == Strategy.ENSEMBLE && !writesItself())) {
            var estimate = budget().estimate(questions().plain(judgeModel()));
            kept = budget().reserve(estimate) ? estimate : BigDecimal.ZERO;
        }
    }

    private Turn close(ChatRequest request) {
        budget().release(kept);
        kept = BigDecimal.ZERO;
        closing = help(request, null);
        return closing;
    }

    /**
     * Whether a model is to be asked for the vectors of all answers: where they are counted, and are free texts of which no
     * two are equal.
     */
    public final boolean wantsVectors() {
        return council().embeddings() != null
                && vectors == null
                && isWanted()
                && isQuorate()
                && isCounted()
                && count(answered()).isOfFreeTexts();
    }

    /** The texts of all answers, for the model that gives vectors; it may take as long as the members. */
    public final Turn vectors() {
        vectors = help(questions().embed(wanted().model(), texts()), council().deadline());
        return vectors;
    }

    private Embeddings wanted() {
        return Objects.requireNonNull(council().embeddings());
    }

    private boolean isCounted() {
        var last = closing;
        return last == null
                ? !writesItself()
                : last.ask().outcome() instanceof Outcome.Failed
                        || (council().strategy() == Strategy.SELECTIVE
                                && pick(last).isEmpty());
    }

    private Likeness likeness() {
        var asked = vectors;
        if (asked == null) {
            return Likeness.WORDS;
        }
        if (likeness == null) {
            likeness = likeness(asked); // a long list of numbers is read once
        }
        return likeness;
    }

    private Likeness likeness(Turn asked) {
        var model = wanted().model();
        return switch (asked.ask().outcome()) {
            case Outcome.Answered(var answer) ->
                Vectors.of(answer, texts(), wanted().alike().doubleValue())
                        .map(read -> Likeness.byVectors(read, model))
                        .orElseGet(() -> Likeness.byWords("the vectors of '" + model + "' cannot be compared"));
            case Outcome.Failed(var error) ->
                Likeness.byWords("'" + model + "' gave no vectors (" + Absences.inShort(error.message()) + ")");
            case Outcome.Streaming _ -> throw new IllegalStateException("vectors are not streamed");
        };
    }

    /** The one that was named, or else the heaviest, then the earliest member; one that has answered, if any has. */
    private String judgeModel() {
        var judge = council().judge();
        var able = answered().isEmpty() ? seats() : answered();
        return judge != null
                ? judge
                : able.stream()
                        .max(comparing((Seat seat) -> seat.member().weight())
                                .thenComparing(comparing(Seat::index).reversed()))
                        .orElseThrow()
                        .model();
    }

    private List<String> texts() {
        return answered().stream().map(Seat::text).toList();
    }

    final Count count(List<Seat> answered) {
        return new Count(answered, council().compare(), council().strategy() == Strategy.WEIGHTED, likeness());
    }

    @Override
    final Optional<Verdict> verdict() {
        return isQuorate() ? Optional.of(conclude()) : Optional.empty();
    }

    Verdict conclude() {
        var last = closing;
        var counted = count(answered());
        if (last == null) {
            return counted.verdict();
        }
        return switch (last.ask().outcome()) {
            case Outcome.Failed(var error) ->
                because(
                        counted.verdict(),
                        "votes",
                        "'" + last.seat().model() + "' could not be asked for the one answer ("
                                + error.message().replaceAll("\\.$", "") + "), so answers were counted: ");
            case Outcome.Answered _, Outcome.Streaming _ ->
                council().strategy() == Strategy.SELECTIVE ? picked(last, counted) : written(last);
        };
    }

    private Verdict written(Turn last) {
        return new Verdict(
                last,
                null,
                "synthesis",
                "'" + last.seat().model() + "' wrote it out of " + answered().size() + " answers.",
                List.of());
    }

    private Verdict picked(Turn last, Count counted) {
        var answers = answered();
        return pick(last)
                .map(number -> new Verdict(
                        answers.get(number - 1).answer(),
                        null,
                        "judge",
                        "'" + last.seat().model() + "' picked answer " + number + " of " + answers.size() + ", by '"
                                + answers.get(number - 1).model() + "'.",
                        counted.opinions()))
                .orElseGet(() -> because(
                        counted.verdict(),
                        "votes",
                        "'" + last.seat().model() + "' named none of the answers, so they were counted: "));
    }

    /** The answer that the judge names, from 1. */
    private Optional<Integer> pick(Turn last) {
        return NUMBER.matcher(Seat.text(last.message()))
                .results()
                .map(number -> Integer.parseInt(number.group()))
                .filter(number -> number >= 1 && number <= answered().size())
                .findFirst();
    }

    static Verdict because(Verdict verdict, String by, String why) {
        return new Verdict(
                verdict.answer(), verdict.content(), by, why + verdict.why(), verdict.groups(), verdict.likeness());
    }

    @Override
    final ChatError failure() {
        return Absences.error(this, answered().size(), council().quorumOrUsual());
    }
}

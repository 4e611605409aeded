package dev.caravan.route;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Looks at requests: what kind of work they are, and how much a strong model is worth there. It asks nobody, and takes a small
 * part of a millisecond. Immutable.
 */
public final class Analyst {

    /** Beyond what was measured, these are set by hand; a share of questions won, as the expected gain is. */
    private static final double SEVERAL_QUESTIONS = 0.03;

    private static final double DEEP_WORD = 0.03;
    private static final double DEEPEST = 0.09;
    private static final double TOOLS = 0.03;
    private static final double LONG_CONTEXT = 0.04;
    private static final int LONG_CONTEXT_TOKENS = 4_000;
    private static final double MILLION = 1e6;

    private final Weights weights;
    private final ToDoubleFunction<Features> choiceGain;
    private final ToDoubleFunction<Features> openGain;

    public Analyst(Weights weights) {
        this.weights = weights;
        this.choiceGain = weights.choice().asGain();
        this.openGain = weights.open().asGain();
    }

    /** What training has made. */
    Weights weights() {
        return weights;
    }

    /** The score of a question without anything around it. */
    public double score(String query) {
        return analyse(Question.of(query), null).score();
    }

    /**
     * Looks at a request.
     *
     * @param said the kind of work, where the caller says it
     */
    Analysis analyse(Question question, @Nullable TaskType said) {
        var features = Features.of(question.text());
        var signs = Signs.in(question.text());
        var task = said != null ? said : type(question, features, signs);
        var reasons = new ArrayList<String>();
        var gain = (features.isChoice() ? choiceGain : openGain).applyAsDouble(features);
        reasons.add(form(gain, features.isChoice()));
        gain += byHand(question, features, signs, task, reasons);
        var score = Math.round(weights.score(gain) * MILLION) / MILLION;
        return new Analysis(task, score, seen(question, features, signs), reasons);
    }

    private static String form(double gain, boolean choice) {
        var kind = choice ? "multiple choices" : "questions";
        return gain > 0
                ? String.format(
                        Locale.ROOT,
                        "by its form, a strong model is expected to have %.0f %% more of such %s right",
                        100 * gain,
                        kind)
                : "by its form, a strong model is expected to gain nothing on such " + kind;
    }

    private static TaskType type(Question question, Features features, Signs signs) {
        return question.images() > 0
                ? TaskType.VISION
                : signs.type(features.isChoice(), question.text().contains("```"));
    }

    /** What no data were at hand for. A multiple choice is left as it was measured. */
    private static double byHand(
            Question question, Features features, Signs signs, TaskType task, List<String> reasons) {
        var sum = 0.0;
        if (!features.isChoice()) {
            sum += note(task.bias(), "the kind of work is " + task.text(), reasons);
            sum += note(Math.min(DEEPEST, DEEP_WORD * signs.reasoning()), "it asks to think", reasons);
            sum += note(
                    signs.shape().questionMarks > 2 ? SEVERAL_QUESTIONS : 0,
                    "it asks " + signs.shape().questionMarks + " questions",
                    reasons);
        }
        sum += note(question.tools() > 0 ? TOOLS : 0, question.tools() + " tools may be called", reasons);
        sum += note(
                question.promptTokens() > LONG_CONTEXT_TOKENS ? LONG_CONTEXT : 0,
                "the context is about " + question.promptTokens() + " tokens long",
                reasons);
        return sum;
    }

    private static double note(double gain, String reason, List<String> reasons) {
        if (gain != 0) {
            reasons.add(reason + (gain > 0 ? ": worth a strong model" : ": a light model will do"));
        }
        return gain;
    }

    private static Map<String, Object> seen(Question question, Features features, Signs signs) {
        var seen = new LinkedHashMap<String, Object>();
        seen.put("length", question.text().length());
        seen.put("context_tokens", question.promptTokens());
        seen.put("messages", question.messages());
        seen.put("questions", signs.shape().questionMarks);
        seen.put("multiple_choice", features.isChoice());
        seen.put("code_words", signs.code());
        seen.put("math_words", signs.maths());
        seen.put("reasoning_words", signs.reasoning());
        seen.put("numbers", signs.shape().numbers);
        seen.put("language", Script.of(question.text()));
        seen.put("images", question.images());
        seen.put("tools", question.tools());
        seen.put("json", question.json());
        seen.put("form", features.present());
        return seen;
    }
}

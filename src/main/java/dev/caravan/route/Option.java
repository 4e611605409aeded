package dev.caravan.route;

import dev.caravan.catalog.Deployment;
import dev.caravan.catalog.Price;
import dev.caravan.chat.Usage;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * One model that may be chosen.
 *
 * @param model its public name
 * @param candidates whom to ask for it, in order; at least one
 * @param price what its first provider takes for it; nothing where nobody said, which counts as free
 * @param waits how long its first provider lets wait
 * @param tasks what it can do, where that was said
 */
public record Option(
        String model, List<Deployment> candidates, Optional<Price> price, Latencies.Waits waits, List<String> tasks) {

    /** The longest an answer usually is where a request bounds none, in tokens. */
    private static final long USUAL_ANSWER = 500;

    public Option {
        candidates = List.copyOf(candidates);
        tasks = List.copyOf(tasks);
    }

    Deployment first() {
        return candidates.getFirst();
    }

    String provider() {
        return first().provider().name();
    }

    /** Whether it can do all of this, as far as anybody has said: of whom nothing is said may be able to do anything. */
    boolean can(Set<String> required) {
        return tasks.isEmpty() || tasks.containsAll(required);
    }

    /** What an answer is expected to cost, in USD. */
    BigDecimal cost(Question question) {
        var answer = question.answerTokens() > 0 ? Math.min(question.answerTokens(), USUAL_ANSWER) : USUAL_ANSWER;
        return price.map(rates -> rates.of(new Usage(question.promptTokens(), answer)))
                .orElse(BigDecimal.ZERO);
    }

    /** How long it lets wait, in milliseconds. */
    OptionalDouble typicalMs() {
        return waits.typicalMs();
    }
}

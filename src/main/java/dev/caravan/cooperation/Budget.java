package dev.caravan.cooperation;

import dev.caravan.catalog.Catalog;
import dev.caravan.catalog.Council;
import dev.caravan.chat.ChatRequest;
import dev.caravan.chat.Operation;
import dev.caravan.chat.Usage;
import dev.caravan.plan.Ask;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a council may spend: nobody is asked whose call might exceed it. What a call will cost is not known before it has
 * ended, so it is estimated: about four characters of the prompt make a token, and the answer is as long as it may be, but
 * not longer than {@value #USUAL_ANSWER} tokens where the request sets no bound. Thread-safe.
 */
final class Budget {

    private static final long USUAL_ANSWER = 1024;

    private final Ask whole;
    private final @Nullable BigDecimal cap;
    private BigDecimal reserved = BigDecimal.ZERO;

    /** @param cap USD; null for no bound */
    Budget(Ask whole, @Nullable BigDecimal cap) {
        this.whole = whole;
        this.cap = cap;
    }

    /** What a request to a model may cost, in USD; 0 where nobody said what it costs. */
    BigDecimal estimate(ChatRequest request) {
        if (cap == null) {
            return BigDecimal.ZERO;
        }
        var prompt = request.source()
                .value(request.operation().question())
                .map(String::length)
                .orElse(0);
        var answer = request.operation() == Operation.EMBEDDING
                ? Optional.of(0L)
                : Stream.of("max_completion_tokens", "max_tokens")
                        .flatMap(field -> request.source().value(field).stream())
                        .filter(value -> !value.equals("null"))
                        .map(Long::parseLong)
                        .findFirst();
        return estimate(whole.catalog(), request.model(), Math.ceilDiv(prompt, 4), answer);
    }

    private static BigDecimal estimate(Catalog catalog, String model, long prompt, Optional<Long> answer) {
        var council = catalog.council(model);
        if (council != null) {
            var rounds = council.strategy() == Council.Strategy.CONSENSUS ? council.rounds() : 1;
            return council.models().stream()
                    .map(member -> estimate(catalog, member, prompt, answer))
                    .reduce(BigDecimal.ZERO, BigDecimal::add)
                    .multiply(BigDecimal.valueOf(rounds));
        }
        return catalog.resolve(model, null).stream()
                .flatMap(resolved -> resolved.candidates().stream())
                .findFirst()
                .map(first -> {
                    var most = first.settings().maxTokens();
                    var bound = answer.orElse(most == null ? USUAL_ANSWER : Math.min(most, USUAL_ANSWER));
                    return catalog.cost(first.provider().name(), first.model(), new Usage(prompt, bound));
                })
                .orElse(BigDecimal.ZERO);
    }

    /** What so many tokens cost at a model, in USD, of a council at each of its members; 0 where nobody said. */
    static BigDecimal price(Catalog catalog, String model, Usage usage) {
        var council = catalog.council(model);
        if (council != null) {
            return council.members().stream()
                    .map(member -> price(catalog, member.model(), usage))
                    .reduce(BigDecimal.ZERO, BigDecimal::add);
        }
        return catalog.resolve(model, null).stream()
                .flatMap(resolved -> resolved.candidates().stream())
                .findFirst()
                .map(first -> catalog.cost(first.provider().name(), first.model(), usage))
                .orElse(BigDecimal.ZERO);
    }

    /** Keeps so much for a call that is to be made; false if there is not so much left. */
    synchronized boolean reserve(BigDecimal estimate) {
        if (cap != null && whole.cost().add(reserved).add(estimate).compareTo(cap) > 0) {
            return false;
        }
        reserved = reserved.add(estimate);
        return true;
    }

    /** A call has ended, and what it has cost is known. */
    synchronized void release(BigDecimal estimate) {
        reserved = reserved.subtract(estimate);
    }
}

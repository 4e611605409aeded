package dev.caravan.plan;

import dev.caravan.catalog.Deployment;
import dev.caravan.catalog.ProviderSpec;
import dev.caravan.catalog.Resolved;
import dev.caravan.chat.ChatError;
import dev.caravan.chat.ErrorCode;
import dev.caravan.chat.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Decides who is asked for a request, and in what order. Thread-safe. */
public final class Planner {

    private final CoolDowns coolDowns;
    private final Predicate<ProviderSpec> resting;

    /** @param resting whether a provider is left alone for a while because it failed too often */
    public Planner(CoolDowns coolDowns, Predicate<ProviderSpec> resting) {
        this.coolDowns = coolDowns;
        this.resting = resting;
    }

    /**
     * Gives the request its plan, or settles it with the reason why nobody can be asked. One that is settled already stays as
     * it is.
     */
    public Ask plan(Ask ask) {
        if (!ask.isOpen()) {
            return ask;
        }
        var request = ask.requireRequest();
        List<Deployment> candidates = new ArrayList<>(2);
        var first = request.extensions().provider();
        var error = first == null || isKnown(ask, first) ? first(candidates, ask, first) : unknown("provider", first);
        var others = request.extensions().fallbackProviders();
        for (var i = 0; error == null && i < others.size(); i++) {
            var other = others.get(i);
            error = isKnown(ask, other)
                    ? add(
                            candidates,
                            DefaultModels.fallback(ask.catalog(), request.operation(), ask.model(), other),
                            ask)
                    : unknown("fallback_providers[" + i + "]", other);
        }
        if (error == null) {
            error = follow(ask, candidates);
        }
        if (error != null) {
            ask.settle(new Outcome.Failed(error));
        }
        return ask;
    }

    /** Those that serve the model; where it was chosen, those that serve what is left of the choice follow. */
    private static @Nullable ChatError first(List<Deployment> candidates, Ask ask, @Nullable String provider) {
        if (ask.decision().isEmpty()) {
            return add(candidates, DefaultModels.resolve(ask.catalog(), ask.operation(), ask.model(), provider), ask);
        }
        for (var option : ask.decision().get().options()) {
            addAll(candidates, option.candidates());
        }
        return null;
    }

    private static boolean isKnown(Ask ask, String provider) {
        return ask.catalog().provider(provider).isPresent();
    }

    private static ChatError unknown(String param, String provider) {
        return ChatError.invalid(
                param, "There is no provider '" + provider + "'; GET /v1/models tells which provider serves what.");
    }

    private static @Nullable ChatError add(List<Deployment> candidates, Optional<Resolved> resolved, Ask ask) {
        if (resolved.isEmpty()) {
            return ChatError.of(ErrorCode.MODEL_NOT_FOUND, unknownModel(ask.model()))
                    .withParam("model");
        }
        addAll(candidates, resolved.get().candidates());
        return null;
    }

    private static void addAll(List<Deployment> candidates, List<Deployment> others) {
        for (var candidate : others) {
            if (!candidates.contains(candidate)) {
                candidates.add(candidate);
            }
        }
    }

    private static String unknownModel(String model) {
        return model.endsWith(":")
                ? "'" + model + "' names no model, and there is no 'default_model' for it."
                : "The model '" + model + "' does not exist; GET /v1/models lists those that do.";
    }

    private @Nullable ChatError follow(Ask ask, List<Deployment> candidates) {
        if (candidates.isEmpty()) {
            return ChatError.of(ErrorCode.SERVICE_UNAVAILABLE, "Every provider that serves this model is switched off.")
                    .withCause("provider_disabled");
        }
        List<Deployment> ready = new ArrayList<>(candidates.size());
        var shortest = Duration.ofSeconds(Long.MAX_VALUE);
        for (var candidate : candidates) {
            var left = coolDowns.left(candidate);
            if (left.isZero()) {
                ready.add(candidate);
            } else if (left.compareTo(shortest) < 0) {
                shortest = left;
            }
        }
        if (ready.isEmpty()) {
            return ChatError.of(
                            ErrorCode.RATE_LIMIT_EXCEEDED,
                            "Every provider of this model asked to be left alone for now.")
                    .withCause("cooling_down")
                    .withRetryAfter(shortest);
        }
        ask.follow(new Plan(awake(ready)));
        return null;
    }

    /** Without those whose breaker is open, as long as anybody else is left. */
    private List<Deployment> awake(List<Deployment> ready) {
        if (ready.size() == 1) {
            return ready;
        }
        var awake = ready.stream()
                .filter(candidate -> !resting.test(candidate.provider()))
                .toList();
        return awake.isEmpty() ? ready : awake;
    }
}

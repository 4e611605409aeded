package dev.caravan.plan;

import dev.caravan.catalog.Deployment;
import dev.caravan.chat.ChatError;
import dev.caravan.chat.ChatRequest;
import dev.caravan.chat.ErrorCode;
import dev.caravan.chat.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decides who is asked for a request, and in what order. Thread-safe. */
public final class Planner {

    private final CoolDowns coolDowns;

    public Planner(CoolDowns coolDowns) {
        this.coolDowns = coolDowns;
    }

    /** Gives the request its plan, or settles it with the reason why nobody can be asked. */
    public Ask plan(Ask ask) {
        var request = ask.requireRequest();
        List<Deployment> candidates = new ArrayList<>(2);
        var extensions = request.extensions();
        var error = add(candidates, ask, request, extensions.provider(), "provider");
        for (var i = 0; error == null && i < extensions.fallbackProviders().size(); i++) {
            error = add(
                    candidates, ask, request, extensions.fallbackProviders().get(i), "fallback_providers[" + i + "]");
        }
        if (error == null) {
            error = follow(ask, candidates);
        }
        if (error != null) {
            ask.settle(new Outcome.Failed(error));
        }
        return ask;
    }

    private @Nullable ChatError add(
            List<Deployment> candidates, Ask ask, ChatRequest request, @Nullable String provider, String param) {
        if (provider != null && ask.catalog().provider(provider).isEmpty()) {
            return ChatError.invalid(
                    param, "There is no provider '" + provider + "'; GET /v1/models tells which provider serves what.");
        }
        var resolved = ask.catalog().resolve(request.model(), provider);
        if (resolved.isEmpty()) {
            return ChatError.of(
                            ErrorCode.MODEL_NOT_FOUND,
                            "The model '" + request.model() + "' does not exist; GET /v1/models lists those that do.")
                    .withParam("model");
        }
        for (var candidate : resolved.get().candidates()) {
            if (!candidates.contains(candidate)) {
                candidates.add(candidate);
            }
        }
        return null;
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
        ask.follow(new Plan(ready));
        return null;
    }
}

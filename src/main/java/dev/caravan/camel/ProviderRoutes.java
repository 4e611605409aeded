package dev.caravan.camel;

import dev.caravan.catalog.ProviderChange;
import dev.caravan.catalog.ProviderSpec;
import dev.caravan.chat.ChatError;
import dev.caravan.chat.ErrorCode;
import dev.caravan.chat.Operation;
import dev.caravan.chat.Outcome;
import dev.caravan.plan.Ask;
import dev.caravan.plan.Codecs;
import dev.caravan.plan.Parts;
import dev.caravan.provider.openai.Questions;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.builder.TemplatedRouteBuilder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One route for each provider, made from the template {@code provider}. A changed provider gets a new route; the old one
 * is removed when it has finished what it began. Thread-safe.
 */
public final class ProviderRoutes {

    private static final Logger LOG = LoggerFactory.getLogger(ProviderRoutes.class);
    static final String TEMPLATE = "provider";

    /** The route for several answers of a provider that gives one at a time. */
    private static final String ONE_BY_ONE = "direct:chat.several?block=false";

    /** The route for several prompts of a provider that takes one at a time. */
    private static final String PROMPT_BY_PROMPT = "direct:completions.several?block=false";

    /** The route for more texts than a provider embeds at once. */
    private static final String IN_BATCHES = "direct:embeddings.batches?block=false";

    /**
     * @param routeId also the name of its direct endpoint
     * @param endpoint that itself: a name would be parsed and looked up for every request
     */
    private record Serving(ProviderSpec spec, String routeId, Endpoint endpoint) {}

    private final CamelContext camel;
    private final RouteRetirement retirement;
    private final Breakers breakers;
    private final Codecs codecs;
    private final Map<Integer, Serving> serving = new ConcurrentHashMap<>();
    private final AtomicInteger generations = new AtomicInteger();

    public ProviderRoutes(CamelContext camel, RouteRetirement retirement, Breakers breakers, Codecs codecs) {
        this.camel = camel;
        this.breakers = breakers;
        this.codecs = codecs;
        this.retirement = retirement;
    }

    /** Follows a change of the catalog. */
    public synchronized void follow(ProviderChange change) {
        switch (change) {
            case ProviderChange.Added(var spec) -> serve(spec);
            case ProviderChange.Changed(var _, var spec) -> serve(spec);
            case ProviderChange.Removed(var spec) -> {
                breakers.remove(spec);
                retire(serving.remove(spec.id()));
            }
        }
    }

    /**
     * Makes every route again, since the template is another one. Breakers stay as they are.
     *
     * @throws IllegalStateException if that fails for one of them; then all stay as they were
     */
    synchronized void rebuild() {
        var made = new HashMap<Integer, Serving>();
        try {
            serving.forEach((id, old) -> made.put(id, make(old.spec(), breakers.keep(old.spec()))));
        } catch (IllegalStateException e) {
            made.values().forEach(this::retire);
            throw e;
        }
        made.forEach((id, now) -> retire(serving.put(id, now)));
    }

    /**
     * Where the request goes next, as an {@link Endpoint} or its name: the route of whoever is to be asked, or nowhere once
     * the outcome stands. A provider is asked as it is configured now, or its old key would go to its new url; one that was
     * removed is passed over.
     */
    public @Nullable Object next(Exchange exchange) {
        var ask = exchange.getMessage().getBody(Ask.class);
        for (var next = ask.next(); next.isPresent(); next = ask.next()) {
            var now = serving.get(next.get().provider().id());
            if (now != null) {
                ask.turnTo(next.get().at(now.spec()));
                return isAskedAtOnce(ask) ? now.endpoint() : inParts(ask.operation());
            }
        }
        if (ask.isOpen() && !ask.cancellation().isCancelled()) {
            ask.settle(removed());
        }
        return null;
    }

    /**
     * Where one of several answers is asked for: the provider that the others come from, as it is configured now; nowhere
     * if it is not served any more, which the part then has failed for.
     */
    public @Nullable Endpoint ofPart(Exchange exchange) {
        var ask = exchange.getMessage().getBody(Ask.class);
        var now = serving.get(ask.current().provider().id());
        if (now == null) {
            ask.settle(removed());
            return null;
        }
        ask.turnTo(ask.current().at(now.spec()));
        return now.endpoint();
    }

    private static Outcome removed() {
        return new Outcome.Failed(
                ChatError.of(ErrorCode.SERVICE_UNAVAILABLE, "The provider of this model was removed just now.")
                        .withCause("provider_removed"));
    }

    private boolean isAskedAtOnce(Ask ask) {
        var codec = codecs.of(ask.current().provider(), ask.operation());
        return (codec.answersMany() || wanted(ask) == 1)
                && (ask.operation() == Operation.CHAT
                        || questions(ask) <= codec.questionsAtOnce(ask.current().model()));
    }

    private static String inParts(Operation operation) {
        return switch (operation) {
            case CHAT -> ONE_BY_ONE;
            case COMPLETION -> PROMPT_BY_PROMPT;
            case EMBEDDING -> IN_BATCHES;
        };
    }

    private static int questions(Ask ask) {
        return ask.request().map(Questions::count).orElse(1);
    }

    private static int wanted(Ask ask) {
        return ask.request().map(Parts::wanted).orElse(1);
    }

    private void serve(ProviderSpec spec) {
        var now = make(spec, breakers.renew(spec));
        retire(serving.put(spec.id(), now));
        LOG.debug("Provider '{}' is served by route {}", spec.name(), now.routeId());
    }

    private Serving make(ProviderSpec spec, CircuitBreaker breaker) {
        var routeId = "provider." + spec.name() + "." + generations.incrementAndGet();
        camel.getRegistry().bind(breaker(routeId), breaker);
        var path = codecs.of(spec.type()).fixedPath();
        var connections = spec.connections();
        var route = TemplatedRouteBuilder.builder(camel, TEMPLATE)
                .routeId(routeId)
                .prefixId(routeId)
                .parameter("provider", spec.name())
                .parameter("route", routeId)
                .parameter("breaker", breaker(routeId))
                .parameter("chat", spec.baseUrl() + (path == null ? "" : path))
                .parameter("pathIsFixed", path != null)
                .parameter("connectTimeout", connections.connectTimeout().toMillis())
                .parameter("poolTimeout", connections.poolTimeout().toMillis())
                .parameter("maxConnections", connections.maxConnections());
        try {
            synchronized (retirement) {
                route.add();
            }
        } catch (Exception e) {
            camel.getRegistry().unbind(breaker(routeId));
            retirement.retire(routeId);
            throw new IllegalStateException("no route could be made for provider '" + spec.name() + "'", e);
        }
        return new Serving(spec, routeId, camel.getEndpoint("direct:" + routeId + "?block=false"));
    }

    private static String breaker(String routeId) {
        return routeId + ".breaker";
    }

    private void retire(@Nullable Serving old) {
        if (old != null) {
            camel.getRegistry().unbind(breaker(old.routeId()));
            retirement.retire(old.routeId());
        }
    }
}

package dev.caravan.usage;

import dev.caravan.catalog.Catalog;
import dev.caravan.chat.ChatRequest;
import dev.caravan.chat.Outcome;
import dev.caravan.plan.Ask;
import dev.caravan.plan.CallRecord;
import dev.caravan.route.Latencies;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes the account of each request when it has ended: one usage event, its metrics, and a line in the log. Thread-safe.
 */
public final class Accounts {

    private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.requests");
    private static final int SERVER_ERROR = 500;

    private final UsageOutbox outbox;
    private final Meters meters;
    private final ProviderHealth health;
    private final Latencies latencies;

    public Accounts(UsageOutbox outbox, Meters meters, ProviderHealth health, Latencies latencies) {
        this.outbox = outbox;
        this.meters = meters;
        this.health = health;
        this.latencies = latencies;
    }

    /** Closes the account of a request, whatever became of it; its event waits in the outbox. Called once. */
    public void close(Ask ask) {
        outbox.offer(settle(ask));
    }

    /** The same for a caller who publishes the event. */
    public UsageEvent settle(Ask ask) {
        var event = attempt(ask);
        ended(event);
        return event;
    }

    /** A request has ended whose event was made by {@link #attempt}. */
    public void ended(UsageEvent event) {
        meters.request(event, Duration.ofNanos((long) (event.latencyMs() * 1e6)));
        log(event);
    }

    /** Closes the account of an attempt, after which the request may be tried anew or has {@link #ended}. */
    public UsageEvent attempt(Ask ask) {
        var latency = ask.elapsed();
        var calls = ask.calls();
        var event = event(ask, calls, latency);
        for (int i = 0; i < calls.size(); i++) {
            var call = calls.get(i);
            meters.call(event.endpoint(), call, event.calls().get(i).cost());
            health.note(call);
            noteWait(call);
        }
        ask.end();
        return event;
    }

    /** How long a call that was answered let wait; one that failed says nothing of that. */
    private void noteWait(CallRecord call) {
        var firstToken = call.firstToken();
        if (firstToken != null) {
            latencies.firstToken(call.provider(), call.model(), firstToken);
        } else if (call.error() == null) {
            latencies.answer(call.provider(), call.model(), call.latency());
        }
    }

    private static UsageEvent event(Ask ask, List<CallRecord> calls, Duration latency) {
        var error = ask.outcome() instanceof Outcome.Failed(var failure) ? failure : null;
        var arrival = ask.arrival();
        return new UsageEvent(
                freshId(),
                arrival.requestId(),
                ask.completionId().orElse(null),
                Instant.now(),
                switch (arrival.door()) {
                    case HTTP -> UsageEvent.Door.HTTP;
                    case KAFKA -> UsageEvent.Door.KAFKA;
                    case ROUTE -> UsageEvent.Door.ROUTE;
                },
                arrival.endpoint(),
                ask.identity().name(),
                ask.request().map(ChatRequest::model).orElse(null),
                error == null && !calls.isEmpty() ? calls.getLast().provider() : null,
                ask.request().map(ChatRequest::stream).orElse(false),
                error == null ? 200 : error.status(),
                error == null ? null : error.code().text(),
                latency.toNanos() / 1e6,
                ask.timeToFirstToken().map(first -> first.toNanos() / 1e6).orElse(null),
                UsageEvent.Cache.BYPASS,
                calls.stream().map(call -> usageCall(ask.catalog(), call)).toList());
    }

    private static UsageCall usageCall(Catalog catalog, CallRecord call) {
        var error = call.error();
        return new UsageCall(
                call.provider(),
                call.model(),
                call.status(),
                error == null ? null : error.text(),
                call.usage(),
                cost(catalog, call),
                call.latency().toNanos() / 1e6,
                call.cancelled(),
                call.estimated());
    }

    private static BigDecimal cost(Catalog catalog, CallRecord call) {
        return catalog.cost(call.provider(), call.model(), call.usage());
    }

    /** What failed by our or a provider's fault is worth a line always; the rest is in the request log anyway. */
    private static void log(UsageEvent event) {
        var failed = event.statusCode() >= SERVER_ERROR;
        if (failed || LOG.isDebugEnabled()) {
            (failed ? LOG.atWarn() : LOG.atDebug())
                    .addKeyValue("request_id", event.requestId())
                    .addKeyValue("key", event.key())
                    .addKeyValue("model", event.model())
                    .addKeyValue("provider", event.provider())
                    .addKeyValue("status", event.statusCode())
                    .addKeyValue("error_code", event.errorCode())
                    .addKeyValue("latency_ms", event.latencyMs())
                    .log("request ended");
        }
    }

    /** A random UUID (RFC 9562, version 4) without the locks and system calls of a secure one: it need not be secret. */
    private static UUID freshId() {
        var random = ThreadLocalRandom.current();
        return new UUID(
                (random.nextLong() & ~0xF000L) | 0x4000L,
                (random.nextLong() & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L);
    }
}

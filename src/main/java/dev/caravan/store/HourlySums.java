package dev.caravan.store;

import dev.caravan.usage.SecondCost;
import dev.caravan.usage.UsageCall;
import dev.caravan.usage.UsageEvent;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The sums of a batch of events, before they are added to those in SQL. For one thread.
 *
 * @param requests by hour, model and key
 * @param calls by hour, provider, model and key
 */
record HourlySums(Map<Key, Sum> requests, Map<Key, Sum> calls) {

    private static final int CLIENT_CLOSED = 499;
    private static final String MODEL_NOT_FOUND = "model_not_found";

    /** An hour, and the names that stand beside it in the table's primary key. */
    record Key(Instant hour, List<String> names) {}

    /** What is summed; mutable. */
    static final class Sum {
        long requests;
        long successes;
        long cancelled;
        double latencyMs;
        long promptTokens;
        long completionTokens;
        long cachedTokens;
        long reasoningTokens;
        BigDecimal cost = BigDecimal.ZERO;
        BigDecimal repricedCost = BigDecimal.ZERO;

        private void count(boolean success, boolean wasCancelled, double latency) {
            requests++;
            successes += success ? 1 : 0;
            cancelled += wasCancelled ? 1 : 0;
            latencyMs += latency;
        }

        private void add(UsageCall call, BigDecimal repriced) {
            promptTokens += call.promptTokens();
            completionTokens += call.completionTokens();
            cachedTokens += call.cachedTokens();
            reasoningTokens += call.reasoningTokens();
            cost = cost.add(call.cost());
            repricedCost = repricedCost.add(repriced);
        }
    }

    static HourlySums of(List<UsageEvent> events, SecondCost second) {
        var sums = new HourlySums(new HashMap<>(), new HashMap<>());
        events.forEach(event -> sums.add(event, second));
        return sums;
    }

    private void add(UsageEvent event, SecondCost second) {
        var hour = event.timestamp().truncatedTo(ChronoUnit.HOURS);
        var request = requests.computeIfAbsent(new Key(hour, List.of(model(event), event.key())), key -> new Sum());
        request.count(event.successful(), event.statusCode() == CLIENT_CLOSED, event.latencyMs());
        for (var call : event.calls()) {
            var repriced = second.of(event, call);
            request.add(call, repriced);
            var sum = calls.computeIfAbsent(
                    new Key(hour, List.of(call.provider(), call.model(), event.key())), key -> new Sum());
            sum.count(call.successful(), call.cancelled(), call.latencyMs());
            sum.add(call, repriced);
        }
    }

    /** Names that nobody serves are counted as one, or a caller who tries many would fill the table. */
    private static String model(UsageEvent event) {
        return event.model() == null || MODEL_NOT_FOUND.equals(event.errorCode()) ? "" : event.model();
    }
}

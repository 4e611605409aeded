package dev.caravan.usage;

import dev.caravan.catalog.Prices;
import java.math.BigDecimal;
import java.time.ZoneOffset;

/** What a call costs in the second column, which stands beside what it cost in its time. Thread-safe. */
@FunctionalInterface
public interface SecondCost {

    /** The same as in its time. */
    SecondCost SAME = (event, call) -> call.cost();

    /** USD, with 12 decimals at most. */
    BigDecimal of(UsageEvent event, UsageCall call);

    /** All calls of a request together. */
    default BigDecimal of(UsageEvent event) {
        return event.calls().stream().map(call -> of(event, call)).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    /** By the price of the day (in UTC) on which the request ended; a call for which there is none keeps its cost. */
    static SecondCost by(Prices prices) {
        return (event, call) -> prices.on(
                        event.timestamp().atOffset(ZoneOffset.UTC).toLocalDate(), call.provider(), call.model())
                .map(price -> UsageCall.rounded(price.of(call.usage())))
                .orElse(call.cost());
    }
}

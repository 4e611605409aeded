package dev.caravan.catalog;

import static java.util.Comparator.comparing;
import static java.util.stream.Collectors.groupingBy;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Prices with the days from which they hold. Immutable; a lookup is two map reads. */
public final class Prices {

    /** The provider of a row that holds for every provider without a row of its own. */
    public static final String ANY_PROVIDER = "*";

    /** No prices at all. */
    public static final Prices NONE = new Prices(List.of());

    /**
     * One price.
     *
     * @param provider the provider's name, or {@link #ANY_PROVIDER}
     * @param model the name under which the provider knows the model
     * @param from the first day on which it holds, in UTC
     */
    public record Row(String provider, String model, LocalDate from, Price price) {}

    private record Key(String provider, String model) {}

    private final Map<Key, List<Row>> newestFirst;

    public Prices(List<Row> rows) {
        newestFirst = rows.stream()
                .sorted(comparing(Row::from).reversed())
                .collect(groupingBy(row -> new Key(row.provider(), row.model())));
    }

    /** The price in force on {@code day}: the newest that is not in the future; none if nobody said. */
    public Optional<Price> on(LocalDate day, String provider, String model) {
        return newest(day, provider, model).or(() -> newest(day, ANY_PROVIDER, model));
    }

    private Optional<Price> newest(LocalDate day, String provider, String model) {
        return newestFirst.getOrDefault(new Key(provider, model), List.of()).stream()
                .filter(row -> !row.from().isAfter(day))
                .findFirst()
                .map(Row::price);
    }
}

package dev.caravan.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.chat.ChatError;
import dev.caravan.usage.Parsed.Invalid;
import dev.caravan.usage.Parsed.Valid;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueriesTest {

    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

    @Test
    @DisplayName("C9 without parameters the log's first fifty requests are asked for")
    void hasDefaults() {
        assertThat(LogQuery.parse(Map.of()))
                .isEqualTo(new Valid<>(new LogQuery(1, 50, null, null, null, null, null, null, null)));
    }

    @Test
    @DisplayName("C9 every filter is read")
    void readsEveryFilter() {
        var parameters = Map.of(
                "page",
                "3",
                "page_size",
                "1000",
                "status_code",
                "502",
                "model",
                "m",
                "provider",
                "p",
                "key",
                "k",
                "request_id",
                "r",
                "since",
                "2h",
                "until",
                "1h");

        assertThat(LogQuery.parse(parameters, NOW))
                .isEqualTo(new Valid<>(new LogQuery(
                        3,
                        1000,
                        502,
                        "m",
                        "p",
                        "k",
                        "r",
                        Instant.parse("2026-01-31T10:00:00Z"),
                        Instant.parse("2026-01-31T11:00:00Z"))));
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName("C9 times are read in every form")
    @CsvSource({
        "2026-01-31T10:00:00Z, 2026-01-31T10:00:00Z",
        "2026-01-31T10:00:00.5+02:00, 2026-01-31T08:00:00.5Z",
        "2026-01-31T10:00:00 02:00, 2026-01-31T08:00:00Z",
        "1769853600, 2026-01-31T10:00:00Z",
        "1769853600.25, 2026-01-31T10:00:00.25Z",
        "30s, 2026-01-31T11:59:30Z",
        "30m, 2026-01-31T11:30:00Z",
        "7d, 2026-01-24T12:00:00Z",
        "1w, 2026-01-24T12:00:00Z"
    })
    void readsTimes(String text, Instant expected) {
        assertThat(LogQuery.parse(Map.of("since", text), NOW))
                .isInstanceOfSatisfying(
                        Valid.class,
                        valid -> assertThat(((LogQuery) valid.value()).since()).isEqualTo(expected));
    }

    @ParameterizedTest(name = "{0}={1}")
    @DisplayName("C9 a bad value is a 400 that names the parameter")
    @CsvSource({
        "page, 0",
        "page, -1",
        "page, x",
        "page, ''",
        "page, 99999999999",
        "page_size, 0",
        "page_size, 1001",
        "status_code, 99",
        "status_code, 600",
        "status_code, 2xx",
        "model, ''",
        "since, yesterday",
        "since, 2026-01-31",
        "since, 1769853600000",
        "since, -5",
        "since, 999999w",
        "since, 2026-02-30T10:00:00Z",
        "until, ''",
        "colour, red"
    })
    void refusesBadValues(String name, String value) {
        assertThat(LogQuery.parse(Map.of(name, value), NOW)).isInstanceOfSatisfying(Invalid.class, QueriesTest::is400);
        assertThat(error(LogQuery.parse(Map.of(name, value), NOW)).param()).isEqualTo(name);
    }

    @Test
    @DisplayName("C9 a time that ends before it begins is a 400")
    void refusesAnEndBeforeTheBeginning() {
        assertThat(error(LogQuery.parse(Map.of("since", "1h", "until", "2h"), NOW))
                        .param())
                .isEqualTo("since");
        assertThat(LogQuery.parse(Map.of("since", "1h", "until", "1h"), NOW)).isInstanceOf(Valid.class);
    }

    @Test
    @DisplayName("C8 hours are 1 to 8760, 24 by default")
    void readsHours() {
        assertThat(StatsQuery.parse(Map.of())).isEqualTo(new Valid<>(new StatsQuery(24)));
        assertThat(StatsQuery.parse(Map.of("hours", "8760"))).isEqualTo(new Valid<>(new StatsQuery(8760)));
        for (var hours : new String[] {"0", "8761", "a day", "1.5"}) {
            assertThat(error(StatsQuery.parse(Map.of("hours", hours))).param()).isEqualTo("hours");
        }
        assertThat(error(StatsQuery.parse(Map.of("days", "1"))).param()).isEqualTo("days");
    }

    private static void is400(Invalid<?> invalid) {
        assertThat(invalid.error().status()).isEqualTo(400);
    }

    private static ChatError error(Parsed<?> parsed) {
        return switch (parsed) {
            case Invalid<?>(var error) -> error;
            case Valid<?>(var value) -> throw new AssertionError("was read: " + value);
        };
    }
}

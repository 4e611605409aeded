package dev.caravan.plan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.access.Identity;
import dev.caravan.catalog.Catalog;
import dev.caravan.catalog.Connections;
import dev.caravan.catalog.Price;
import dev.caravan.catalog.Prices;
import dev.caravan.catalog.ProviderEntry;
import dev.caravan.catalog.ProviderSource;
import dev.caravan.catalog.ProviderSpec;
import dev.caravan.catalog.ProviderType;
import dev.caravan.catalog.Retry;
import dev.caravan.chat.Cancellation;
import dev.caravan.chat.ChatChunk;
import dev.caravan.chat.ChatRequest;
import dev.caravan.chat.ChatResponse;
import dev.caravan.chat.Choice;
import dev.caravan.chat.Message;
import dev.caravan.chat.RawObject;
import dev.caravan.chat.Usage;
import dev.caravan.provider.openai.ChatRequestReader;
import dev.caravan.provider.openai.OpenAiCodec;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Requests for the model {@code m} of providers that are asked in the order in which they are given. */
public final class Asks {

    private static final Retry QUICK = new Retry(3, Duration.ofMillis(8), Duration.ofMillis(64), 2);
    private static final RawObject EMPTY = new RawObject("{}".getBytes(UTF_8), List.of());

    private Asks() {}

    public static ProviderSpec provider(String name) {
        return provider(name, QUICK, true);
    }

    static ProviderSpec provider(String name, Retry retry, boolean enabled) {
        return new ProviderSpec(
                name.hashCode(),
                name,
                ProviderType.OPENAI,
                "http://127.0.0.1:1/v1",
                null,
                enabled,
                1,
                1,
                Duration.ofSeconds(60),
                List.of("m"),
                null,
                retry,
                Connections.DEFAULT,
                null);
    }

    public static Catalog catalog(ProviderSpec... providers) {
        var price = new Price(new BigDecimal("10"), new BigDecimal("100"), new BigDecimal("1"));
        return new Catalog(
                0,
                Arrays.stream(providers)
                        .map(spec -> new ProviderEntry(spec, ProviderSource.FILE, Instant.EPOCH))
                        .toList(),
                List.of(),
                new Prices(List.of(new Prices.Row("*", "m", LocalDate.EPOCH, price))),
                Clock.systemUTC());
    }

    /** A request with more fields, such as {@code ,"stream":true}. */
    static Ask ask(Catalog catalog, String fields, Duration timeLimit) {
        var body = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"abcdefgh\"}]" + fields + "}";
        return Ask.admitted(arrival(), catalog, Identity.ADMIN, request(body), timeLimit);
    }

    static ChatRequest request(String body) {
        return switch (ChatRequestReader.read(body.getBytes(UTF_8))) {
            case ChatRequestReader.Valid(var request) -> request;
            case ChatRequestReader.Invalid(var error) -> throw new AssertionError(error);
        };
    }

    public static Ask.Arrival arrival() {
        return new Ask.Arrival(
                "r-1", Ask.Door.HTTP, "/v1/chat/completions", Instant.now(), System.nanoTime(), new Cancellation());
    }

    /** A request that has been planned. */
    public static Ask planned(String fields, ProviderSpec... providers) {
        return new Planner(coolDowns(), _ -> false).plan(ask(catalog(providers), fields, Duration.ofMinutes(1)));
    }

    public static CoolDowns coolDowns() {
        return new CoolDowns(Clock.systemUTC());
    }

    /** Goes on to the next candidate. */
    public static ProviderCall call(Ask ask) {
        assertThat(ask.next()).isPresent();
        return new ProviderCall(ask, coolDowns(), new OpenAiCodec());
    }

    public static ChatResponse response(String text, @Nullable Usage usage) {
        return new ChatResponse("id", 1, "m", List.of(choice(text)), usage, EMPTY);
    }

    static ChatChunk chunk(String text, @Nullable Usage usage) {
        return new ChatChunk("id", "m", List.of(choice(text)), usage, EMPTY);
    }

    private static Choice choice(String text) {
        return new Choice(0, new Message("assistant", text, null, List.of()), null);
    }
}

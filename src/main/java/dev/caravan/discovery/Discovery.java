package dev.caravan.discovery;

import dev.caravan.catalog.Discovered;
import dev.caravan.catalog.LiveCatalog;
import dev.caravan.catalog.ProviderSpec;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Asks the servers of providers with {@code discover} which models they have, and puts what they tell into the catalog:
 * when a provider is new or its server another one, and again and again. A server that is not there is asked again, and
 * what it told before stays known: its models are not gone because it is. No request waits for any of this. Thread-safe.
 */
public final class Discovery implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Discovery.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final int LARGEST_ANSWER = 8 << 20;
    private static final int SHOWN = 10;

    /** What is known of a provider's server. */
    public enum Phase {
        /** It has not answered yet, since it was asked just now for the first time. */
        PENDING,
        /** It has told its models. */
        FOUND,
        /** It cannot be reached. */
        ABSENT,
        /** It answers, but not with its models. */
        FAILED
    }

    /**
     * How the last question to a server went.
     *
     * @param models how many it has, as it told when it last did
     * @param checked when it was asked last; null before the first answer
     * @param latencyMs how long that took, in milliseconds
     * @param error why there are no models, in a word such as {@code cannot_connect}; null if there are
     */
    public record State(
            Phase phase,
            int models,
            @Nullable Instant checked,
            @Nullable Long latencyMs,
            @Nullable String error) {}

    private static final State UNASKED = new State(Phase.PENDING, 0, null, null, null);

    private record Known(ProviderSpec asked, State state, long askAgainNanos) {}

    private record Answered(
            Phase phase,
            List<String> models,
            @Nullable String error,
            @Nullable String detail) {}

    private final LiveCatalog catalog;
    private final Duration interval;
    private final Map<Integer, Known> known = new HashMap<>();
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("discovery-", 0).factory());
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(Duration.ofSeconds(5))
            .executor(threads)
            .build();

    /** @param interval how long after an answer a server is asked again; at least a second */
    public Discovery(LiveCatalog catalog, Duration interval) {
        this.catalog = catalog;
        this.interval = interval.compareTo(SHORTEST) < 0 ? SHORTEST : interval;
    }

    /** Whose server is to be asked now. Meant to be called often: it looks at what it remembers. */
    public synchronized List<ProviderSpec> due() {
        var now = System.nanoTime();
        var all = catalog.current().providers().stream()
                .filter(ProviderSpec::discovers)
                .toList();
        known.keySet().retainAll(all.stream().map(ProviderSpec::id).toList());
        var due = all.stream().filter(provider -> isDue(provider, now)).toList();
        for (var provider : due) {
            var before = known.get(provider.id());
            var state = before != null && before.asked().asksAs(provider) ? before.state() : UNASKED;
            known.put(
                    provider.id(),
                    new Known(provider, state, now + interval.plus(PATIENCE).toNanos()));
        }
        return due;
    }

    private boolean isDue(ProviderSpec provider, long now) {
        var before = known.get(provider.id());
        return before == null || !before.asked().asksAs(provider) || before.askAgainNanos() - now <= 0;
    }

    /** Asks a provider's server, and returns at once. */
    public void ask(ProviderSpec provider) {
        var began = System.nanoTime();
        var request = HttpRequest.newBuilder(ModelList.url(provider)).header("Accept", "application/json");
        var key = provider.apiKey();
        if (key != null) {
            request.header("Authorization", "Bearer " + key.reveal());
        }
        var sent = http.sendAsync(request.build(), BodyHandlers.limiting(BodyHandlers.ofByteArray(), LARGEST_ANSWER));
        sent.copy()
                .orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .whenCompleteAsync(
                        (response, thrown) -> {
                            sent.cancel(true);
                            var latency = Duration.ofNanos(System.nanoTime() - began);
                            note(provider, thrown == null ? read(provider, response) : unread(thrown), latency);
                        },
                        threads);
    }

    /** How a provider's server was found; nothing for one that is not asked. */
    public synchronized Optional<State> of(ProviderSpec provider) {
        if (!provider.discovers()) {
            return Optional.empty();
        }
        var last = known.get(provider.id());
        return Optional.of(last != null && last.asked().asksAs(provider) ? last.state() : UNASKED);
    }

    @Override
    public void close() {
        http.shutdownNow();
        threads.shutdown();
    }

    private static Answered read(ProviderSpec provider, HttpResponse<byte[]> response) {
        if (response.statusCode() != 200) {
            return new Answered(
                    Phase.FAILED, List.of(), "status_" + response.statusCode(), "status " + response.statusCode());
        }
        return ModelList.read(provider.type(), response.body())
                .map(models -> new Answered(Phase.FOUND, models, null, null))
                .orElseGet(
                        () -> new Answered(Phase.FAILED, List.of(), "undecodable", "its answer is no list of models"));
    }

    private static Answered unread(Throwable thrown) {
        var cause = thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        return switch (cause) {
            case TimeoutException _ -> new Answered(Phase.ABSENT, List.of(), "timeout", "no answer in time");
            case IOException e ->
                new Answered(
                        Phase.ABSENT,
                        List.of(),
                        "cannot_connect",
                        e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
            default -> {
                LOG.error("A server could not be asked for its models; this is a bug", cause);
                yield new Answered(Phase.FAILED, List.of(), "internal_error", String.valueOf(cause));
            }
        };
    }

    private void note(ProviderSpec provider, Answered answer, Duration latency) {
        State before;
        synchronized (this) {
            var last = known.get(provider.id());
            if (last == null || !last.asked().asksAs(provider)) {
                return; // it was changed meanwhile
            }
            before = last.state();
            var models = answer.phase() == Phase.FOUND ? answer.models().size() : before.models();
            known.put(
                    provider.id(),
                    new Known(
                            provider,
                            new State(answer.phase(), models, Instant.now(), latency.toMillis(), answer.error()),
                            System.nanoTime() + interval.toNanos()));
        }
        if (answer.phase() == Phase.FOUND) {
            catalog.discovered(new Discovered(provider, answer.models()));
        }
        log(provider, before, answer, latency);
    }

    /** A change is worth a line, what stays as it was is not. */
    private void log(ProviderSpec provider, State before, Answered answer, Duration latency) {
        var news = before.phase() != answer.phase()
                || (answer.phase() == Phase.FOUND
                        && before.models() != answer.models().size());
        if (answer.phase() == Phase.FOUND) {
            LOG.atLevel(news ? Level.INFO : Level.DEBUG)
                    .log(
                            "Provider '{}' tells its models, {} in {} ms: {}",
                            provider.name(),
                            answer.models().size(),
                            latency.toMillis(),
                            inShort(answer.models()));
        } else {
            LOG.atLevel(news ? Level.INFO : Level.DEBUG)
                    .log(
                            "Provider '{}' does not tell its models ({}); it is asked again every {} s",
                            provider.name(),
                            answer.detail(),
                            interval.toSeconds());
        }
    }

    private static String inShort(List<String> models) {
        return models.size() <= SHOWN
                ? String.join(", ", models)
                : String.join(", ", models.subList(0, SHOWN)) + ", ...";
    }
}

package dev.caravan.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.caravan.catalog.LiveCatalog;
import dev.caravan.catalog.ProviderSpec;
import dev.caravan.catalog.RouteSpec;
import dev.caravan.discovery.Discovery;
import dev.caravan.reload.Reloading;
import dev.caravan.route.ChoiceReport;
import dev.caravan.route.Chooser;
import dev.caravan.usage.Backlog;
import dev.caravan.usage.ProviderHealth;
import dev.caravan.usage.UsageOutbox;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Whether the broker and those it asks are well. Thread-safe. */
public final class HealthApi {

    private static final String HEALTHY = "healthy";
    private static final String UNHEALTHY = "unhealthy";
    private static final int FAILURES_TO_BE_DOWN = 3;

    record Alive(String status, String service) {}

    @JsonNaming(SnakeCaseStrategy.class)
    record Overview(
            String status,
            String service,
            List<Provider> providers,
            List<ChoiceReport> choices,
            UsageEvents usageEvents,
            List<String> configErrors) {}

    @JsonNaming(SnakeCaseStrategy.class)
    record Provider(
            String name,
            String status,
            String breaker,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Discovered discovery) {}

    /** Whether the provider's server tells which models it has. */
    @JsonNaming(SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Discovered(
            String state,
            int models,
            @Nullable Instant checkedAt,
            @Nullable Long latencyMs,
            @Nullable String error) {

        static Discovered of(Discovery.State state) {
            return new Discovered(
                    state.phase().name().toLowerCase(Locale.ROOT),
                    state.models(),
                    state.checked(),
                    state.latencyMs(),
                    state.error());
        }
    }

    @JsonNaming(SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record UsageEvents(
            int waiting,
            int inMemory,
            int onDisk,
            long onDiskBytes,
            long dropped,
            @Nullable Instant kafkaAwaySince) {

        static UsageEvents of(Backlog backlog) {
            return new UsageEvents(
                    backlog.waiting(),
                    backlog.inMemory(),
                    backlog.onDisk(),
                    backlog.onDiskBytes(),
                    backlog.dropped(),
                    backlog.kafkaAwaySince());
        }
    }

    @JsonNaming(SnakeCaseStrategy.class)
    record AdminOverview(
            String status,
            Instant timestamp,
            List<ProviderReport> providers,
            String databaseStatus,
            String kafkaStatus,
            String cacheStatus,
            UsageEvents usageEvents) {}

    @JsonNaming(SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record ProviderReport(
            int providerId,
            String providerName,
            boolean isHealthy,
            double responseTimeMs,
            int consecutiveFailures,
            double successRate) {}

    private final LiveCatalog catalog;
    private final ProviderHealth health;
    private final BreakerStates breakers;
    private final Discovery discovery;
    private final UsageOutbox outbox;
    private final Reloading reloading;
    private final Chooser chooser;
    private final BooleanSupplier databaseAnswers;

    /** @param databaseAnswers asks the database; may take a while */
    public HealthApi(
            LiveCatalog catalog,
            ProviderHealth health,
            BreakerStates breakers,
            Discovery discovery,
            UsageOutbox outbox,
            Reloading reloading,
            Chooser chooser,
            BooleanSupplier databaseAnswers) {
        this.catalog = catalog;
        this.health = health;
        this.breakers = breakers;
        this.discovery = discovery;
        this.outbox = outbox;
        this.reloading = reloading;
        this.chooser = chooser;
        this.databaseAnswers = databaseAnswers;
    }

    /** {@code GET /healthz}: the program runs. Asks nobody. */
    public Answer alive() {
        return new Answer.Ok(200, new Alive(HEALTHY, "caravan"));
    }

    /** {@code GET /health}: what each provider does, as far as requests have shown. Asks nobody. */
    public Answer overview() {
        var providers = catalog.current().providers().stream()
                .map(spec -> new Provider(
                        spec.name(),
                        status(spec),
                        breakers.of(spec.id()),
                        discovery.of(spec).map(Discovered::of).orElse(null)))
                .toList();
        var asked = providers.stream()
                .filter(each -> !each.status().equals("disabled"))
                .toList();
        var allDown = !asked.isEmpty()
                && asked.stream().allMatch(each -> each.status().equals("down"));
        return new Answer.Ok(
                200,
                new Overview(
                        allDown ? UNHEALTHY : HEALTHY,
                        "caravan",
                        providers,
                        ChoiceReport.of(chooser, catalog.current()),
                        UsageEvents.of(outbox.backlog()),
                        reloading.errors().stream().map(String::valueOf).toList()));
    }

    /** {@code GET /admin/health}: with figures, and the state of what the broker itself needs. */
    public Answer admin() {
        var providers = catalog.current().providers().stream().map(this::report).toList();
        var database = databaseAnswers.getAsBoolean();
        var backlog = outbox.backlog();
        var kafka = backlog.kafkaAwaySince() == null;
        var enabled = catalog.current().providers().stream().anyMatch(ProviderSpec::enabled);
        var allDown = enabled
                && catalog.current().providers().stream()
                        .filter(ProviderSpec::enabled)
                        .noneMatch(this::isHealthy);
        return new Answer.Ok(
                200,
                new AdminOverview(
                        database && kafka && !allDown ? HEALTHY : UNHEALTHY,
                        Instant.now(),
                        providers,
                        database ? HEALTHY : UNHEALTHY,
                        kafka ? HEALTHY : UNHEALTHY,
                        "disabled",
                        UsageEvents.of(backlog)));
    }

    /** What a model's card says of the provider that is asked first. */
    String status(ProviderSpec spec) {
        if (!spec.enabled()) {
            return "disabled";
        }
        if (!isHealthy(spec)) {
            return "down";
        }
        return health.of(spec.name()).calls() == 0 ? unasked(spec) : "up";
    }

    /** Of a provider that no request has been put to only its server's word is known. */
    private String unasked(ProviderSpec spec) {
        return discovery
                .of(spec)
                .filter(state -> state.phase() == Discovery.Phase.ABSENT)
                .map(_ -> "down")
                .orElse("unknown");
    }

    /** What the card of a name that stands for a choice says: as well as the best that it would choose. */
    String status(RouteSpec route) {
        var statuses = chooser.providers(route, catalog.current()).stream()
                .map(this::status)
                .distinct()
                .toList();
        return Stream.of("up", "unknown", "down")
                .filter(statuses::contains)
                .findFirst()
                .orElse("disabled");
    }

    private boolean isHealthy(ProviderSpec spec) {
        return !breakers.of(spec.id()).equals("open")
                && health.of(spec.name()).consecutiveFailures() < FAILURES_TO_BE_DOWN;
    }

    private ProviderReport report(ProviderSpec spec) {
        var state = health.of(spec.name());
        return new ProviderReport(
                spec.id(),
                spec.name(),
                spec.enabled() && isHealthy(spec),
                state.responseTimeMs(),
                state.consecutiveFailures(),
                state.successRate());
    }
}

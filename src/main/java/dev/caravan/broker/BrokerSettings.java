package dev.caravan.broker;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What can be set in {@code config/application.yaml} or the environment.
 *
 * @param home the folder that holds {@code routes}, {@code config} and {@code kafka}
 * @param config the folder of {@code providers.yaml} and its like
 * @param data the data folder
 * @param host where to listen; blank: as the {@link dev.caravan.access.ListenPolicy} says
 * @param port 0 takes any free port
 * @param maxBody the largest request body
 * @param requestTimeout bound on a request that sets none itself
 * @param streamKeepAlive after how long a silence before its first token a stream's caller is sent a comment; zero: never
 * @param discoveryInterval how often local servers are asked for their models
 */
@ConfigurationProperties("caravan")
record BrokerSettings(
        @DefaultValue(".") Path home,
        @Nullable Path config,
        @DefaultValue("./data") Path data,
        @Nullable String host,
        @DefaultValue("8080") int port,
        @DefaultValue("10MB") DataSize maxBody,
        @DefaultValue("10m") Duration requestTimeout,
        @DefaultValue("15s") Duration streamKeepAlive,
        @DefaultValue("30s") Duration discoveryInterval,
        @DefaultValue Breaker breaker,
        @DefaultValue Jobs jobs,
        @DefaultValue UsageLimits usage) {

    /**
     * When a provider's circuit breaker opens, and for how long.
     *
     * @param window how many of the last calls it looks at
     * @param minimumCalls how many it must have seen before it opens
     * @param failureRate percent of failures at which it opens
     * @param openFor how long it then lets nothing through
     * @param trials how many calls it lets through after that, to find out
     */
    record Breaker(
            @DefaultValue("50") int window,
            @DefaultValue("10") int minimumCalls,
            @DefaultValue("50") float failureRate,
            @DefaultValue("10s") Duration openFor,
            @DefaultValue("3") int trials) {}

    /**
     * Bounds on the work from Kafka that is in flight at once.
     *
     * @param maxInFlight requests
     * @param maxInFlightSize the size of their records together
     */
    record Jobs(
            @DefaultValue("2000") int maxInFlight,
            @DefaultValue("256MB") DataSize maxInFlightSize) {}

    /**
     * Bounds on the usage events that wait while Kafka is away.
     *
     * @param maxInMemory events
     * @param maxOnDisk the size of their files; 0: none wait on disk
     */
    record UsageLimits(
            @DefaultValue("100000") int maxInMemory,
            @DefaultValue("1GB") DataSize maxOnDisk) {}

    Path configFolder() {
        return config == null ? home.resolve("config") : config;
    }

    Path routes() {
        return home.resolve("routes");
    }

    Path topics() {
        return home.resolve("kafka").resolve("topics.yaml");
    }
}

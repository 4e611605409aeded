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
        @DefaultValue Jobs jobs) {

    /**
     * Bounds on the work from Kafka that is in flight at once.
     *
     * @param maxInFlight requests
     * @param maxInFlightSize the size of their records together
     */
    record Jobs(
            @DefaultValue("2000") int maxInFlight,
            @DefaultValue("256MB") DataSize maxInFlightSize) {}

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

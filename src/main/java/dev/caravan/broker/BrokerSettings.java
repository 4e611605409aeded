package dev.caravan.broker;

import dev.caravan.jobs.Lanes;
import dev.caravan.jobs.RequestTopics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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
 * @param embeddings the model whose vectors tell councils which free texts are alike; blank: none
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
        @Nullable String embeddings,
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
     * How requests from Kafka are worked on.
     *
     * @param maxInFlight how many are asked at once; as many again wait in memory
     * @param maxInFlightSize the size of the records of both together
     * @param maxPerProvider how many are asked of one provider at once; 0: half as many as of all
     * @param parkAfter how long one waits in memory, before it goes to the retry topic
     * @param maxAttempts how often one is tried
     * @param retryDelay how long one waits after the first failed attempt, and four times as long after each further one
     * @param maxRetryDelay how long at most
     * @param patience how long one may be put off by providers that ask for a pause
     * @param claimRetention how long it is remembered which were answered; longer than the topics keep them
     * @param topics the topics that requests come by; none: {@code caravan.requests}, for the key {@code kafka}
     * @param replyPrefixes with one of which the topics of {@code reply-to} must begin
     */
    record Jobs(
            @DefaultValue("4000") int maxInFlight,
            @DefaultValue("256MB") DataSize maxInFlightSize,
            @DefaultValue("0") int maxPerProvider,
            @DefaultValue("10s") Duration parkAfter,
            @DefaultValue("4") int maxAttempts,
            @DefaultValue("5s") Duration retryDelay,
            @DefaultValue("10m") Duration maxRetryDelay,
            @DefaultValue("24h") Duration patience,
            @DefaultValue("8d") Duration claimRetention,
            @DefaultValue List<RequestTopic> topics,
            @DefaultValue("caravan.replies") List<String> replyPrefixes) {

        /**
         * One topic of requests.
         *
         * @param key the name of the client's key whose limits hold
         * @param priority of requests that say nothing else
         */
        record RequestTopic(
                String name,
                @DefaultValue("kafka") String key,
                @DefaultValue("normal") Lanes.Priority priority) {}

        RequestTopics requestTopics() {
            return new RequestTopics(topics.stream()
                    .map(each -> new RequestTopics.Topic(each.name(), each.key(), each.priority()))
                    .toList());
        }

        int perProvider() {
            return maxPerProvider > 0 ? maxPerProvider : Math.max(1, maxInFlight / 2);
        }
    }

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

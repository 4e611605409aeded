package dev.caravan.broker;

import dev.caravan.embedded.EmbeddedKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.support.DefaultSingletonBeanRegistry;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Takes the data folder, and starts a Kafka in this process where no other is configured: at the same time as everything
 * else, which waits for it only where it needs it. Stopped last of all.
 */
final class KafkaStart implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    /** The bean that is there when Kafka can be used. */
    static final String READY = "kafkaReady";

    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);
    private static final String BOOTSTRAP = "caravan.kafka.bootstrap-servers";

    /**
     * Waits for Kafka.
     *
     * @param own whether it is the one in this process
     */
    record Ready(CompletableFuture<?> started, String bootstrapServers, boolean own) {

        void await() {
            try {
                started.join();
            } catch (CompletionException e) {
                throw e.getCause() instanceof IllegalStateException known
                        ? new StartRefused(String.valueOf(known.getMessage()))
                        : e;
            }
        }
    }

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        var environment = context.getEnvironment();
        var beans = (DefaultSingletonBeanRegistry) context.getBeanFactory();
        var data = Path.of(environment.getProperty("caravan.data", "./data"))
                .toAbsolutePath()
                .normalize();
        // Spring would read a relative path as a resource's
        set(environment, "caravan.data", data.toString());
        var folder = DataFolder.hold(data);
        beans.registerSingleton("dataFolder", folder);
        beans.registerDisposableBean("dataFolder", folder::close);
        var stop = new FatalStop(context, data);
        var external = environment.getProperty(BOOTSTRAP, "");
        if (!external.isBlank()) {
            var answers = CompletableFuture.runAsync(
                    () -> ask(external),
                    task -> Thread.ofPlatform().daemon().name("kafka-ask").start(task));
            beans.registerSingleton(READY, new Ready(answers, external, false));
            return;
        }
        var port = environment.getProperty("caravan.kafka.port", Integer.class, 9092);
        set(environment, BOOTSTRAP, "127.0.0.1:" + port);
        var kafka = CompletableFuture.supplyAsync(
                () -> EmbeddedKafka.start(data.resolve("kafka"), port, stop::because),
                task -> Thread.ofPlatform().name("kafka-start").start(task));
        beans.registerSingleton(READY, new Ready(kafka, "127.0.0.1:" + port, true));
        beans.registerDisposableBean(READY, () -> close(kafka));
    }

    /** @throws IllegalStateException if no Kafka answers there; the message says what to do */
    private static void ask(String bootstrapServers) {
        try (var admin = Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) ANSWER_WITHIN.toMillis(),
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) ANSWER_WITHIN.toMillis()))) {
            admin.describeCluster().clusterId().get();
        } catch (ExecutionException | KafkaException e) {
            throw new IllegalStateException(
                    "No Kafka answers at %s within %d s (%s): start it, or set CARAVAN_KAFKA_BOOTSTRAP_SERVERS to where one runs, or leave it unset to have one in this process."
                            .formatted(bootstrapServers, ANSWER_WITHIN.toSeconds(), innermost(e)),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for Kafka", e);
        }
    }

    private static @Nullable String innermost(Throwable thrown) {
        var cause = thrown;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage();
    }

    /** One that did not start is nothing to close, and {@link Ready#await} has told why. */
    private static void close(CompletableFuture<EmbeddedKafka> starting) {
        starting.handle((kafka, failure) -> {
                    if (failure == null) {
                        kafka.close();
                    }
                    return null;
                })
                .join();
    }

    private static void set(ConfigurableEnvironment environment, String name, String value) {
        environment.getPropertySources().addFirst(new MapPropertySource("caravan " + name, Map.of(name, value)));
    }
}

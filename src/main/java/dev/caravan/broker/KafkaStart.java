package dev.caravan.broker;

import dev.caravan.embedded.EmbeddedKafka;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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

    private static final Logger LOG = LoggerFactory.getLogger(KafkaStart.class);
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
        var external = environment.getProperty(BOOTSTRAP, "");
        if (!external.isBlank()) {
            beans.registerSingleton(READY, new Ready(CompletableFuture.completedFuture(null), external, false));
            return;
        }
        var port = environment.getProperty("caravan.kafka.port", Integer.class, 9092);
        set(environment, BOOTSTRAP, "127.0.0.1:" + port);
        var kafka = CompletableFuture.supplyAsync(
                () -> EmbeddedKafka.start(data.resolve("kafka"), port, fault -> stop(context, fault)),
                task -> Thread.ofPlatform().name("kafka-start").start(task));
        beans.registerSingleton(READY, new Ready(kafka, "127.0.0.1:" + port, true));
        beans.registerDisposableBean(READY, () -> close(kafka));
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

    /** A broker without its Kafka cannot keep its promises: it stops, loudly, and its supervisor starts it again. */
    private static void stop(ConfigurableApplicationContext context, String fault) {
        LOG.error("The embedded Kafka has failed and the broker stops: {}", fault);
        Thread.ofPlatform().name("kafka-fault").start(() -> {
            context.close();
            Runtime.getRuntime().halt(1);
        });
    }
}

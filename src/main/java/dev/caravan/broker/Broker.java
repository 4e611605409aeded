package dev.caravan.broker;

import dev.caravan.store.DatabaseRefused;
import java.util.Optional;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.ComponentScan;

/** The broker as a program. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@ComponentScan
@ConfigurationPropertiesScan
public class Broker {

    /**
     * Starts it and returns when it takes requests.
     *
     * @param properties {@code --name=value}, as Spring Boot takes them
     */
    public static ConfigurableApplicationContext start(String... properties) {
        var application = new SpringApplication(Broker.class);
        application.addInitializers(new KafkaStart());
        return application.run(properties);
    }

    /**
     * The one sentence that says why it did not start, if it was not meant to.
     *
     * @param thrown what {@link #start} threw
     */
    public static Optional<String> refusal(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof StartRefused || cause instanceof DatabaseRefused) {
                return Optional.ofNullable(cause.getMessage());
            }
        }
        return Optional.empty();
    }

    /** Has a broker that {@link #start} has started read its configuration files at once. */
    public static void reload(ConfigurableApplicationContext broker) {
        broker.getBean(Service.class).reload();
    }

    /** Where a broker that {@link #start} has started takes requests. */
    public static int port(ConfigurableApplicationContext broker) {
        return broker.getBean(Service.class).port();
    }
}

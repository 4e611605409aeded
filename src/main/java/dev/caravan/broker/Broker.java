package dev.caravan.broker;

import dev.caravan.store.DatabaseRefused;
import java.util.Optional;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
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
            if (cause instanceof BindException unbound && unbound.getProperty() != null) {
                return Optional.of(sentence(unbound, unbound.getProperty()));
            }
        }
        return Optional.empty();
    }

    /** Has a broker that {@link #start} has started read its configuration files at once. */
    public static void reload(ConfigurableApplicationContext broker) {
        broker.getBean(Service.class).reload();
    }

    private static String sentence(BindException unbound, ConfigurationProperty property) {
        var type = unbound.getTarget().getType().resolve(Object.class);
        var right = switch (type.getSimpleName()) {
            case "Duration" -> "a time such as 10s or 500ms";
            case "DataSize" -> "a size such as 64KB or 10MB";
            case "int", "long", "Integer", "Long" -> "a whole number";
            case "float", "double" -> "a number";
            default -> "a " + type.getSimpleName();
        };
        return property.getName() + " is '" + property.getValue() + "', but must be " + right + ".";
    }

    /** Where a broker that {@link #start} has started takes requests. */
    public static int port(ConfigurableApplicationContext broker) {
        return broker.getBean(Service.class).port();
    }
}

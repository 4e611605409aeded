package dev.caravan.broker;

import dev.caravan.store.DatabaseRefused;
import java.util.Optional;
import org.apache.camel.component.http.springboot.HttpComponentAutoConfiguration;
import org.apache.camel.component.http.springboot.HttpComponentConverter;
import org.apache.camel.component.http.springboot.HttpComponentTimeoutConverter;
import org.apache.camel.component.kafka.springboot.KafkaComponentAutoConfiguration;
import org.apache.camel.component.kafka.springboot.KafkaComponentConverter;
import org.apache.camel.spring.boot.CamelAutoConfiguration;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.context.ConfigurationPropertiesAutoConfiguration;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.JdbcClientAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.JdbcTemplateAutoConfiguration;
import org.springframework.boot.autoconfigure.transaction.TransactionAutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.ComponentScan;

/** The broker as a program. Its configuration is named piece by piece: to look at all 230 that are on the class path takes half a start. */
@SpringBootConfiguration(proxyBeanMethods = false)
@ImportAutoConfiguration({
    PropertyPlaceholderAutoConfiguration.class,
    ConfigurationPropertiesAutoConfiguration.class,
    LifecycleAutoConfiguration.class,
    DataSourceAutoConfiguration.class,
    DataSourceTransactionManagerAutoConfiguration.class,
    TransactionAutoConfiguration.class,
    JdbcTemplateAutoConfiguration.class,
    JdbcClientAutoConfiguration.class,
    CamelAutoConfiguration.class,
    HttpComponentConverter.class,
    HttpComponentTimeoutConverter.class,
    HttpComponentAutoConfiguration.class,
    KafkaComponentConverter.class,
    KafkaComponentAutoConfiguration.class
})
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

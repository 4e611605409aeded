package dev.caravan.broker;

import dev.caravan.camel.ModelTests;
import dev.caravan.catalog.LiveCatalog;
import dev.caravan.discovery.Discovery;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the routes are made of that find out which models there are, and which of them answer. */
@Configuration(proxyBeanMethods = false)
class DiscoveryBeans {

    private static final int TESTS_AT_ONCE = 16;

    @Bean
    Discovery discovery(LiveCatalog catalog, BrokerSettings settings) {
        return new Discovery(catalog, settings.discoveryInterval());
    }

    @Bean
    ModelTests modelTests(LiveCatalog catalog) {
        return new ModelTests(catalog);
    }

    /** Those who ask models whether they answer: few, since a test must not be a load. */
    @Bean(destroyMethod = "shutdown")
    ExecutorService modelTestThreads() {
        return Executors.newFixedThreadPool(
                TESTS_AT_ONCE, Thread.ofVirtual().name("model-test-", 0).factory());
    }
}

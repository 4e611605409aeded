package dev.caravan.broker;

import dev.caravan.api.UsageReplayApi;
import dev.caravan.camel.UsageReplaySteps;
import dev.caravan.catalog.LiveCatalog;
import dev.caravan.store.RequestLog;
import dev.caravan.store.UsageReplays;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.CommonClientConfigs;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/** What rebuilds statistics and log from the usage topic: named in the routes by the names of these methods. */
@Configuration(proxyBeanMethods = false)
class UsageBeans {

    @Bean
    @DependsOn("flyway")
    UsageReplays usageReplays(
            JdbcTemplate jdbc, TransactionTemplate transactions, BrokerSettings settings, Clock clock) {
        var replays = new UsageReplays(jdbc, transactions, NodeName.of(settings.data()), clock);
        replays.failOwn();
        return replays;
    }

    @Bean
    UsageReplayApi usageReplayApi(UsageReplays replays) {
        return new UsageReplayApi(replays);
    }

    @Bean
    UsageReplaySteps usageReplay(UsageReplays replays, RequestLog log, LiveCatalog catalog, KafkaStart.Ready kafka) {
        return new UsageReplaySteps(
                replays, log, catalog, Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers()));
    }

    @Bean(destroyMethod = "shutdown")
    ExecutorService usageReplayThreads() {
        return Executors.newVirtualThreadPerTaskExecutor();
    }
}

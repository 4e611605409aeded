package dev.caravan.broker;

import dev.caravan.access.AccessKeys;
import dev.caravan.access.MasterKey;
import dev.caravan.catalog.LiveCatalog;
import dev.caravan.reload.ConfigError;
import dev.caravan.simulator.Simulator;
import dev.caravan.simulator.SimulatorOptions;
import dev.caravan.store.HourlyStatistics;
import dev.caravan.store.KeyMark;
import dev.caravan.store.ProviderTable;
import dev.caravan.store.RequestLog;
import dev.caravan.store.StoreConfiguration;
import dev.caravan.store.StoreSettings;
import java.time.Clock;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** What is kept, who may come in, and whom there is to ask. */
@Configuration(proxyBeanMethods = false)
@Import(StoreConfiguration.class)
class StoreBeans {

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    Simulator simulator() {
        return Simulator.start(SimulatorOptions.defaults());
    }

    @Bean
    @DependsOn("flyway")
    RequestLog requestLog(JdbcTemplate jdbc, TransactionTemplate transactions, StoreSettings settings) {
        return new RequestLog(jdbc, transactions, settings);
    }

    @Bean
    @DependsOn("flyway")
    HourlyStatistics hourlyStatistics(
            JdbcTemplate jdbc, TransactionTemplate transactions, StoreSettings settings, LiveCatalog catalog) {
        return new HourlyStatistics(
                jdbc, transactions, settings, () -> catalog.current().prices());
    }

    @Bean
    @DependsOn("flyway")
    AccessKeys accessKeys(JdbcClient sql, BrokerSettings settings, Environment environment) {
        Function<String, @Nullable String> lookup = environment::getProperty;
        var clients = AccessKeys.clientKeys(lookup);
        var admin = StartRefused.require(AccessKeys.adminKey(lookup, settings.data()));
        return new AccessKeys(clients, admin, new KeyMark(sql).everConfigured(!clients.isEmpty()));
    }

    @Bean
    @DependsOn("flyway")
    LiveCatalog liveCatalog(
            JdbcClient sql,
            TransactionTemplate transactions,
            BrokerSettings settings,
            Environment environment,
            Simulator simulator,
            Clock clock) {
        Function<String, @Nullable String> lookup =
                name -> name.equals("caravan.simulator.url") ? simulator.url() : environment.getProperty(name);
        var masterKey = StartRefused.require(MasterKey.find(lookup, settings.data()));
        var providers = new ProviderTable(sql, transactions, masterKey, clock);
        return switch (LiveCatalog.open(settings.configFolder(), lookup, providers, clock)) {
            case LiveCatalog.Opening.Opened(var catalog) -> catalog;
            case LiveCatalog.Opening.Refused(var errors) ->
                throw new StartRefused(
                        errors.stream().map(ConfigError::toString).collect(Collectors.joining("\n")));
        };
    }
}

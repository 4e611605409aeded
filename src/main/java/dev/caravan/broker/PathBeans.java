package dev.caravan.broker;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.caravan.api.BreakerStates;
import dev.caravan.api.ConfigApi;
import dev.caravan.api.HealthApi;
import dev.caravan.api.ModelsApi;
import dev.caravan.api.ProvidersApi;
import dev.caravan.api.UsageApi;
import dev.caravan.camel.Breakers;
import dev.caravan.camel.RouteFiles;
import dev.caravan.catalog.LiveCatalog;
import dev.caravan.cooperation.Prompts;
import dev.caravan.discovery.Discovery;
import dev.caravan.plan.Admission;
import dev.caravan.plan.Codecs;
import dev.caravan.plan.CoolDowns;
import dev.caravan.plan.Deadlines;
import dev.caravan.plan.Planner;
import dev.caravan.reload.Reloading;
import dev.caravan.route.Chooser;
import dev.caravan.route.Latencies;
import dev.caravan.service.ServiceFiles;
import dev.caravan.store.HourlyStatistics;
import dev.caravan.store.RequestLog;
import dev.caravan.usage.Accounts;
import dev.caravan.usage.Meters;
import dev.caravan.usage.ProviderHealth;
import dev.caravan.usage.UsageOutbox;
import dev.caravan.usage.UsageSpool;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Clock;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What the routes call: named there by the names of these methods. */
@Configuration(proxyBeanMethods = false)
class PathBeans {

    @Bean
    ObjectMapper json() {
        return JsonMapper.builder()
                .addModule(new JavaTimeModule())
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN)
                .serializationInclusion(JsonInclude.Include.ALWAYS)
                .build();
    }

    @Bean
    Deadlines deadlines() {
        return new Deadlines();
    }

    @Bean
    Admission admission(BrokerSettings settings, Deadlines deadlines) {
        return new Admission(settings.requestTimeout(), deadlines);
    }

    @Bean
    CoolDowns coolDowns(Clock clock) {
        return new CoolDowns(clock);
    }

    @Bean
    Codecs codecs() {
        return new Codecs();
    }

    @Bean
    Planner planner(CoolDowns coolDowns, Breakers breakers) {
        return new Planner(coolDowns, breakers::isOpen);
    }

    @Bean
    UsageOutbox usageOutbox(BrokerSettings settings) {
        var usage = settings.usage();
        var folder = settings.data().resolve("usage-spool");
        return new UsageOutbox(
                usage.maxInMemory(), UsageSpool.open(folder, usage.maxOnDisk().toBytes()));
    }

    @Bean
    ProviderHealth providerHealth() {
        return new ProviderHealth();
    }

    @Bean
    Accounts accounts(
            UsageOutbox outbox, PrometheusMeterRegistry registry, ProviderHealth health, Latencies latencies) {
        return new Accounts(outbox, new Meters(registry), health, latencies);
    }

    @Bean
    HealthApi healthApi(
            LiveCatalog catalog,
            ProviderHealth health,
            BreakerStates breakers,
            Discovery discovery,
            UsageOutbox outbox,
            Reloading reloading,
            Chooser chooser,
            JdbcClient sql) {
        return new HealthApi(catalog, health, breakers, discovery, outbox, reloading, chooser, () -> answers(sql));
    }

    @Bean
    StartFiles startFiles(BrokerSettings settings, ConfigurableEnvironment environment, Clock clock) {
        return new StartFiles(settings, environment, clock);
    }

    @Bean
    Reloading reloading(
            BrokerSettings settings,
            StartFiles start,
            LiveCatalog catalog,
            RouteFiles routes,
            Prompts prompts,
            ServiceFiles services) {
        return new Reloading(settings.home(), List.of(start, catalog, routes, prompts, services));
    }

    @Bean
    ConfigApi configApi(Reloading reloading) {
        return new ConfigApi(reloading);
    }

    @Bean
    ModelsApi modelsApi(LiveCatalog catalog, HealthApi health) {
        return new ModelsApi(catalog, health);
    }

    @Bean
    ProvidersApi providersApi(LiveCatalog catalog) {
        return new ProvidersApi(catalog);
    }

    @Bean
    UsageApi usageApi(HourlyStatistics statistics, RequestLog log, LiveCatalog catalog) {
        return new UsageApi(statistics, log, catalog);
    }

    private static boolean answers(JdbcClient sql) {
        try {
            return sql.sql("SELECT 1").query(Integer.class).single() == 1;
        } catch (DataAccessException e) {
            return false;
        }
    }
}

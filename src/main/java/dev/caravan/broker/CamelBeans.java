package dev.caravan.broker;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.access.AccessKeys;
import dev.caravan.api.OwnForms;
import dev.caravan.api.UsageApi;
import dev.caravan.camel.Arrivals;
import dev.caravan.camel.Breakers;
import dev.caravan.camel.CallAborts;
import dev.caravan.camel.DoorComponent;
import dev.caravan.camel.DoorEngine;
import dev.caravan.camel.Gate;
import dev.caravan.camel.HttpAdmission;
import dev.caravan.camel.ProviderHeaders;
import dev.caravan.camel.ProviderRoutes;
import dev.caravan.camel.ProviderSteps;
import dev.caravan.camel.ReplaceableDirect;
import dev.caravan.camel.Replies;
import dev.caravan.camel.RouteDoor;
import dev.caravan.camel.RouteFiles;
import dev.caravan.camel.RouteRetirement;
import dev.caravan.camel.ScheduledPools;
import dev.caravan.camel.UsageRecords;
import dev.caravan.catalog.LiveCatalog;
import dev.caravan.jobs.TopicSpec;
import dev.caravan.jobs.Topics;
import dev.caravan.plan.Admission;
import dev.caravan.plan.Ask;
import dev.caravan.plan.Codecs;
import dev.caravan.plan.CoolDowns;
import dev.caravan.plan.Deadlines;
import dev.caravan.plan.Planner;
import dev.caravan.service.ServiceDesk;
import dev.caravan.store.HourlyStatistics;
import dev.caravan.store.RequestLog;
import dev.caravan.usage.Accounts;
import dev.caravan.usage.UsageOutbox;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.time.Clock;
import java.util.Map;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.Predicate;
import org.apache.camel.Processor;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.component.kafka.consumer.DefaultKafkaManualCommitFactory;
import org.apache.camel.component.kafka.consumer.KafkaManualCommit;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.apache.camel.support.ExpressionAdapter;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the routes are made of: named there by the names of these methods. */
@Configuration(proxyBeanMethods = false)
class CamelBeans {

    private static final String OWN_GROUPS = "caravan.";

    @Bean("platform-http-engine")
    DoorEngine doorEngine() {
        return new DoorEngine();
    }

    @Bean("platform-http")
    DoorComponent doorComponent(DoorEngine engine) {
        return new DoorComponent(engine);
    }

    @Bean
    ReplaceableDirect direct() {
        return new ReplaceableDirect();
    }

    @Bean
    ScheduledPools scheduledPools() {
        return new ScheduledPools();
    }

    @Bean
    CallAborts callAborts() {
        return new CallAborts();
    }

    @Bean
    RouteRetirement routeRetirement(CamelContext camel) {
        return new RouteRetirement((ModelCamelContext) camel);
    }

    @Bean
    Breakers breakers(BrokerSettings settings) {
        var breaker = settings.breaker();
        return new Breakers(CircuitBreakerConfig.custom()
                .slidingWindowSize(breaker.window())
                .minimumNumberOfCalls(breaker.minimumCalls())
                .failureRateThreshold(breaker.failureRate())
                .waitDurationInOpenState(breaker.openFor())
                .permittedNumberOfCallsInHalfOpenState(breaker.trials())
                .build());
    }

    @Bean
    ProviderRoutes providerRoutes(CamelContext camel, RouteRetirement retirement, Breakers breakers, Codecs codecs) {
        return new ProviderRoutes(camel, retirement, breakers, codecs);
    }

    @Bean
    ProviderSteps providerSteps(Codecs codecs, CoolDowns coolDowns, Deadlines deadlines) {
        return new ProviderSteps(codecs, coolDowns, deadlines);
    }

    @Bean
    Processor admitHttp(Arrivals arrivals, Deadlines deadlines, BrokerSettings settings) {
        return new HttpAdmission(arrivals, deadlines, settings.streamKeepAlive());
    }

    @Bean
    Predicate requestOpen() {
        return exchange -> exchange.getMessage().getBody(Ask.class).isOpen();
    }

    @Bean
    Processor planRequest(Planner planner) {
        return exchange -> planner.plan(exchange.getMessage().getBody(Ask.class));
    }

    @Bean
    Expression nextProvider(ProviderRoutes routes) {
        return new ExpressionAdapter() {
            @Override
            public @Nullable Object evaluate(Exchange exchange) {
                return routes.next(exchange);
            }
        };
    }

    @Bean
    ProviderHeaders providerHeaders() {
        return new ProviderHeaders();
    }

    @Bean
    Processor prepareCall(ProviderSteps steps) {
        return steps.prepare();
    }

    @Bean
    Predicate callPending(ProviderSteps steps) {
        return steps.pending();
    }

    @Bean
    Processor beginAttempt(ProviderSteps steps) {
        return steps.begin();
    }

    @Bean
    Processor finishCall(ProviderSteps steps) {
        return steps.finish();
    }

    @Bean
    Processor replyChat(Replies replies) {
        return replies::chat;
    }

    @Bean
    Processor encodeCall(ProviderSteps steps) {
        return steps.encode();
    }

    @Bean
    Processor decodeAnswer(ProviderSteps steps) {
        return steps.decode();
    }

    @Bean
    Processor providerFallback(ProviderSteps steps) {
        return steps.fallback();
    }

    @Bean
    Arrivals arrivals(
            AccessKeys keys,
            LiveCatalog catalog,
            Admission admission,
            ServiceDesk services,
            Accounts accounts,
            Deadlines deadlines,
            OwnForms forms) {
        return new Arrivals(keys, catalog, admission, services, accounts, deadlines, forms);
    }

    @Bean
    RouteDoor routeDoor(
            LiveCatalog catalog, Admission admission, Accounts accounts, UsageApi usage, ObjectMapper json) {
        return new RouteDoor(catalog, admission, accounts, usage, json);
    }

    @Bean
    KameletComponent kamelet(BrokerSettings settings) {
        var routes = settings.routes().toAbsolutePath();
        var kamelets = new KameletComponent();
        kamelets.setLocation("file:" + routes.resolve("kamelets") + ",file:" + routes.resolve("custom"));
        return kamelets;
    }

    @Bean
    Processor commitOffset() {
        return exchange -> exchange.getMessage()
                .getHeader(KafkaConstants.MANUAL_COMMIT, KafkaManualCommit.class)
                .commit();
    }

    @Bean
    AggregationStrategy joinCompletion() {
        return RouteDoor::join;
    }

    @Bean
    Replies replies(ObjectMapper json) {
        return new Replies(json);
    }

    @Bean
    Gate gate(AccessKeys keys) {
        return new Gate(keys);
    }

    @Bean
    UsageRecords usageRecords(UsageOutbox outbox, RequestLog log, HourlyStatistics statistics) {
        return new UsageRecords(outbox, log, statistics);
    }

    @Bean
    DefaultKafkaManualCommitFactory manualCommits() {
        return new DefaultKafkaManualCommitFactory();
    }

    @Bean
    Admin kafkaAdmin(KafkaStart.Ready kafka) {
        if (!kafka.own()) {
            // An address that means nothing fails here already, and less clearly.
            kafka.await();
        }
        return Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers()));
    }

    @Bean
    Topics topics(Admin admin) {
        return new Topics(admin);
    }

    @Bean
    RouteFiles routeFiles(
            BrokerSettings settings,
            CamelContext camel,
            RouteRetirement retirement,
            ProviderRoutes providers,
            Clock clock) {
        return new RouteFiles(settings.routes(), camel, retirement, providers, clock);
    }

    @Bean
    CamelContextConfiguration routesOfTheFolder(
            RouteFiles files,
            ProviderRoutes providers,
            LiveCatalog catalog,
            KafkaStart.Ready kafka,
            Topics topics,
            BrokerSettings settings) {
        return new CamelContextConfiguration() {
            @Override
            public void beforeApplicationStart(CamelContext camel) {
                camel.getPropertiesComponent()
                        .addOverrideProperty(
                                "jobs.topics", settings.jobs().requestTopics().names());
                StartRefused.unless(files::load);
                catalog.listen(providers::follow);
                kafka.await();
                StartRefused.unless(() -> topics.create(TopicSpec.read(settings.topics())));
                if (kafka.own()) {
                    topics.dismissReaders(OWN_GROUPS);
                }
            }

            @Override
            public void afterApplicationStart(CamelContext camel) {
                // the door opens when everything behind it is ready
            }
        };
    }
}

package dev.caravan.broker;

import dev.caravan.api.ServicesApi;
import dev.caravan.plan.Admission;
import dev.caravan.plan.Ask;
import dev.caravan.service.Question;
import dev.caravan.service.ServiceDesk;
import dev.caravan.service.ServiceFiles;
import dev.caravan.service.Summaries;
import java.time.Clock;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Predicate;
import org.apache.camel.Processor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the routes of services are made of, beside the errands that they pass along. */
@Configuration(proxyBeanMethods = false)
class ServiceBeans {

    @Bean
    ServiceFiles serviceFiles(BrokerSettings settings, Clock clock) {
        return new ServiceFiles(settings.configFolder().resolve("services"), clock);
    }

    @Bean
    ServiceDesk serviceDesk(ServiceFiles services, Admission admission) {
        return new ServiceDesk(services, admission);
    }

    @Bean
    ServicesApi servicesApi(ServiceFiles services) {
        return new ServicesApi(services);
    }

    @Bean
    Predicate serviceAsked() {
        return exchange -> {
            var ask = exchange.getMessage().getBody(Ask.class);
            return ask.isOpen() && ask.purpose().isPresent();
        };
    }

    @Bean
    Processor beginErrand() {
        return exchange -> {
            var message = exchange.getMessage();
            message.setBody(message.getBody(Ask.class).purpose().orElseThrow());
        };
    }

    @Bean
    Processor endQuestion() {
        return exchange -> {
            var message = exchange.getMessage();
            var asker = message.getBody(Ask.class).asker();
            message.setBody(((Question) asker.orElseThrow()).end());
        };
    }

    @Bean
    AggregationStrategy joinSummaries() {
        return (joined, part) -> {
            var question = part.getMessage().getBody(Question.class);
            if (joined == null) {
                part.getMessage().setBody(Summaries.of(question));
                return part;
            }
            var message = joined.getMessage();
            message.setBody(message.getBody(Summaries.class).with(question));
            return joined;
        };
    }

    /** Those who read parts; how many of one request do at once is said by its service. */
    @Bean(destroyMethod = "shutdown")
    ExecutorService serviceThreads() {
        return Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("service-", 0).factory());
    }
}

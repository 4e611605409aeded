package dev.caravan.broker;

import dev.caravan.catalog.Council.Embeddings;
import dev.caravan.cooperation.Councils;
import dev.caravan.cooperation.Prompts;
import dev.caravan.cooperation.Turn;
import dev.caravan.plan.Ask;
import dev.caravan.plan.Deadlines;
import java.time.Clock;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.camel.Predicate;
import org.apache.camel.Processor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the routes of cooperation are made of, beside the sessions that they pass along. */
@Configuration(proxyBeanMethods = false)
class CooperationBeans {

    @Bean
    Prompts prompts(BrokerSettings settings, Clock clock) {
        return new Prompts(settings.configFolder().resolve("prompts"), clock);
    }

    @Bean
    Councils councils(Prompts prompts, BrokerSettings settings, Deadlines deadlines) {
        var model = settings.embeddings();
        return new Councils(prompts, model == null || model.isBlank() ? null : Embeddings.of(model), deadlines);
    }

    @Bean
    Predicate councilAsked() {
        return exchange -> Councils.isAsked(exchange.getMessage().getBody(Ask.class));
    }

    /** Where the council cannot sit the body stays what it is, with the reason as its outcome. */
    @Bean
    Processor conveneCouncil(Councils councils) {
        return exchange -> {
            var message = exchange.getMessage();
            councils.convene(message.getBody(Ask.class)).ifPresent(message::setBody);
        };
    }

    @Bean
    Processor endTurn() {
        return exchange -> {
            var message = exchange.getMessage();
            var asker = message.getBody(Ask.class).asker();
            message.setBody(((Turn) asker.orElseThrow()).end());
        };
    }

    /** Those who ask members: without a bound of their own, since one that waits for a council's members holds one too. */
    @Bean(destroyMethod = "shutdown")
    ExecutorService memberThreads() {
        return Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("member-", 0).factory());
    }
}

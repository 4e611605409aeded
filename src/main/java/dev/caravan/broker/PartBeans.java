package dev.caravan.broker;

import dev.caravan.camel.ProviderRoutes;
import dev.caravan.plan.Ask;
import dev.caravan.plan.Codecs;
import dev.caravan.plan.Parts;
import dev.caravan.provider.ProviderCodec;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.Processor;
import org.apache.camel.support.ExpressionAdapter;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the routes for requests in parts are made of: named there by the names of these methods. */
@Configuration(proxyBeanMethods = false)
class PartBeans {

    private static final int PARTS_AT_ONCE = 512;

    @Bean
    Processor takeApart() {
        return exchange -> {
            var message = exchange.getMessage();
            message.setBody(new Parts(message.getBody(Ask.class)));
        };
    }

    @Bean
    Processor promptByPrompt(Codecs codecs) {
        return exchange -> {
            var message = exchange.getMessage();
            var ask = message.getBody(Ask.class);
            message.setBody(Parts.prompts(ask, codec(codecs, ask).answersMany()));
        };
    }

    @Bean
    Processor inBatches(Codecs codecs) {
        return exchange -> {
            var message = exchange.getMessage();
            var ask = message.getBody(Ask.class);
            message.setBody(Parts.batches(
                    ask, codec(codecs, ask).questionsAtOnce(ask.current().model())));
        };
    }

    private static ProviderCodec codec(Codecs codecs, Ask ask) {
        return codecs.of(ask.current().provider(), ask.operation());
    }

    @Bean
    Expression providerOfPart(ProviderRoutes routes) {
        return new ExpressionAdapter() {
            @Override
            public @Nullable Object evaluate(Exchange exchange) {
                return routes.ofPart(exchange);
            }
        };
    }

    @Bean
    Processor joinAnswers() {
        return exchange -> {
            var message = exchange.getMessage();
            message.setBody(message.getBody(Parts.class).join());
        };
    }

    /** Those who ask for several parts at once: virtual threads, bounded because each holds a connection. */
    @Bean(destroyMethod = "shutdown")
    ExecutorService partThreads() {
        return Executors.newFixedThreadPool(
                PARTS_AT_ONCE, Thread.ofVirtual().name("part-", 0).factory());
    }
}

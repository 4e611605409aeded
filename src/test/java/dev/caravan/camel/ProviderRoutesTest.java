package dev.caravan.camel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.catalog.ProviderChange;
import dev.caravan.catalog.ProviderSpec;
import dev.caravan.catalog.Secret;
import dev.caravan.chat.ChatError;
import dev.caravan.chat.ErrorCode;
import dev.caravan.chat.Outcome;
import dev.caravan.plan.Ask;
import dev.caravan.plan.Asks;
import dev.caravan.plan.Codecs;
import dev.caravan.plan.Parts;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ProviderRoutesTest {

    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final ProviderRoutes routes = new ProviderRoutes(
            camel, new RouteRetirement(camel), new Breakers(CircuitBreakerConfig.ofDefaults()), new Codecs());
    private final ProviderSpec old = Asks.provider("a");

    @BeforeEach
    void start() throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                routeTemplate(ProviderRoutes.TEMPLATE)
                        .templateParameter("route")
                        .from("direct:{{route}}")
                        .stop();
            }
        });
        camel.start();
        routes.follow(new ProviderChange.Added(old));
    }

    @AfterEach
    void stop() {
        camel.stop();
    }

    @Test
    @DisplayName("C2 One of several answers is asked of the provider as it is now: url and key go together")
    void changed() {
        var part = part();
        var changed = new ProviderSpec(
                old.id(),
                old.name(),
                old.type(),
                "http://127.0.0.1:2/v1",
                new Secret("new-key"),
                old.enabled(),
                old.priority(),
                old.weight(),
                old.timeout(),
                old.models(),
                null,
                old.retry(),
                old.connections(),
                null);
        routes.follow(new ProviderChange.Changed(old, changed));

        assertThat(String.valueOf(routes.ofPart(exchange(part)))).startsWith("direct://provider.a.2");
        assertThat(part.current().provider()).isEqualTo(changed);
    }

    @Test
    @DisplayName("C2 One of several answers of a provider that was removed meanwhile fails for that")
    void removed() {
        var part = part();
        routes.follow(new ProviderChange.Removed(old));

        assertThat(routes.ofPart(exchange(part))).isNull();
        assertThat(part.outcome())
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.error())
                                .returns(ErrorCode.SERVICE_UNAVAILABLE, ChatError::code)
                                .returns("provider_removed", ChatError::cause));
    }

    private Ask part() {
        var ask = Asks.planned(",\"n\":2", old);
        assertThat(ask.next()).isPresent();
        return new Parts(ask).asks().getFirst();
    }

    private Exchange exchange(Ask ask) {
        var exchange = new DefaultExchange(camel);
        exchange.getMessage().setBody(ask);
        return exchange;
    }
}

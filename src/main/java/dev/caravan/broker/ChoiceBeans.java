package dev.caravan.broker;

import dev.caravan.api.InferenceApi;
import dev.caravan.api.OwnForm;
import dev.caravan.api.OwnForms;
import dev.caravan.api.RouteApi;
import dev.caravan.camel.Arrivals;
import dev.caravan.camel.ModelChoice;
import dev.caravan.catalog.LiveCatalog;
import dev.caravan.plan.Choices;
import dev.caravan.route.Analyst;
import dev.caravan.route.Chooser;
import dev.caravan.route.Latencies;
import dev.caravan.route.Weights;
import java.util.List;
import org.apache.camel.Predicate;
import org.apache.camel.Processor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the routes that choose a model are made of: named there by the names of these methods. */
@Configuration(proxyBeanMethods = false)
class ChoiceBeans {

    @Bean
    Latencies latencies() {
        return new Latencies();
    }

    @Bean
    Chooser chooser(Latencies latencies) {
        return new Chooser(new Analyst(Weights.load()), latencies);
    }

    @Bean
    RouteApi routeApi(Chooser chooser) {
        return new RouteApi(chooser);
    }

    @Bean
    InferenceApi inferenceApi() {
        return new InferenceApi();
    }

    @Bean
    OwnForms ownForms(List<OwnForm> all) {
        return new OwnForms(all);
    }

    @Bean
    Predicate choiceAsked() {
        return ModelChoice::isExplained;
    }

    @Bean
    Processor admitInference(Arrivals arrivals, InferenceApi inference) {
        return exchange -> arrivals.http(exchange, inference::question);
    }

    @Bean
    ModelChoice modelChoice(Chooser chooser, RouteApi explanations, LiveCatalog catalog) {
        return new ModelChoice(new Choices(chooser), explanations, catalog);
    }

    @Bean
    Predicate modelLeftOpen(ModelChoice choice) {
        return choice::isNeeded;
    }

    @Bean
    Processor weighRequest(ModelChoice choice) {
        return choice::weigh;
    }

    @Bean
    Processor chooseModel(ModelChoice choice) {
        return choice::choose;
    }

    @Bean
    Processor admitQuestion(ModelChoice choice) {
        return choice::question;
    }
}

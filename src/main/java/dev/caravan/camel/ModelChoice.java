package dev.caravan.camel;

import dev.caravan.access.Identity;
import dev.caravan.api.RouteApi;
import dev.caravan.catalog.LiveCatalog;
import dev.caravan.catalog.Tier;
import dev.caravan.chat.Cancellation;
import dev.caravan.cooperation.Councils;
import dev.caravan.door.DoorRequest;
import dev.caravan.jobs.Job;
import dev.caravan.plan.Ask;
import dev.caravan.plan.Choices;
import dev.caravan.provider.openai.ChatRequestReader;
import dev.caravan.route.Steering;
import dev.caravan.route.Weighed;
import java.time.Duration;
import java.time.Instant;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/** The steps of the routes that choose a model. Thread-safe. */
public final class ModelChoice {

    /** The variable that holds what was seen of the request. */
    static final String WEIGHED = "weighed";

    /** The variable that holds the name of the tier that the route has taken. */
    static final String TIER = "tier";

    /** Longer than any choice takes; an explanation has no other bound. */
    private static final Duration EXPLAINED_WITHIN = Duration.ofSeconds(10);

    private final Choices choices;
    private final RouteApi explanations;
    private final LiveCatalog catalog;

    public ModelChoice(Choices choices, RouteApi explanations, LiveCatalog catalog) {
        this.choices = choices;
        this.explanations = explanations;
        this.catalog = catalog;
    }

    /** A question whose choice is to be explained: it becomes an {@link Ask} that is asked of nobody. */
    public void question(Exchange exchange) {
        var request = exchange.getProperty(DoorConsumer.REQUEST, DoorRequest.class);
        var arrival = new Ask.Arrival(
                request.requestId(),
                Ask.Door.HTTP,
                RouteApi.PATH,
                Instant.now(),
                System.nanoTime(),
                new Cancellation());
        exchange.getMessage()
                .setBody(
                        switch (explanations.question(request.body())) {
                            case ChatRequestReader.Invalid(var error) ->
                                Ask.refused(arrival, catalog.current(), Identity.ANONYMOUS, error);
                            case ChatRequestReader.Valid(var question) ->
                                Ask.admitted(
                                        arrival, catalog.current(), Identity.ANONYMOUS, question, EXPLAINED_WITHIN);
                        });
    }

    /**
     * Whether the model of the request stands for several, of which it has not said itself who is to answer. Where several
     * questions are asked for a request, each has a choice of its own.
     */
    public boolean isNeeded(Exchange exchange) {
        var ask = exchange.getMessage().getBody(Ask.class);
        return Choices.isNeeded(ask) && ask.purpose().isEmpty() && !Councils.isAsked(ask);
    }

    /** Whether the choice is all that is asked for. */
    public static boolean isExplained(Exchange exchange) {
        return isExplained(exchange.getMessage().getBody(Ask.class));
    }

    private static boolean isExplained(Ask ask) {
        return ask.arrival().endpoint().equals(RouteApi.PATH);
    }

    /** Looks at what is asked. */
    public void weigh(Exchange exchange) {
        var ask = exchange.getMessage().getBody(Ask.class);
        choices.weigh(ask, header(exchange)).ifPresent(weighed -> exchange.setVariable(WEIGHED, weighed));
    }

    /** What the caller says to the choice beside the body, by either door. */
    private static @Nullable String header(Exchange exchange) {
        var request = exchange.getProperty(DoorConsumer.REQUEST, DoorRequest.class);
        if (request != null) {
            return request.header(Steering.HEADER);
        }
        var job = exchange.getVariable(JobSteps.JOB, Job.class);
        return job == null ? null : job.request().header(Steering.HEADER).orElse(null);
    }

    /** Takes a model of the tier. */
    public void choose(Exchange exchange) {
        var ask = exchange.getMessage().getBody(Ask.class);
        if (!ask.isOpen()) {
            return;
        }
        var said = exchange.getVariable(TIER, String.class);
        var tier = Tier.named(said)
                .orElseThrow(() -> new IllegalStateException(
                        "the variable 'tier' is '" + said + "', but must be one of " + Tier.names()));
        var counts = !isExplained(ask);
        choices.choose(ask, exchange.getVariable(WEIGHED, Weighed.class), tier, counts);
    }
}

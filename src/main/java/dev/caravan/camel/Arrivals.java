package dev.caravan.camel;

import dev.caravan.access.Access;
import dev.caravan.access.AccessKeys;
import dev.caravan.access.Identity;
import dev.caravan.api.ModelTest;
import dev.caravan.api.OwnForms;
import dev.caravan.catalog.LiveCatalog;
import dev.caravan.chat.Cancellation;
import dev.caravan.chat.ChatError;
import dev.caravan.chat.ErrorCode;
import dev.caravan.chat.Operation;
import dev.caravan.chat.Outcome;
import dev.caravan.chat.Trace;
import dev.caravan.cooperation.CooperationEndpoint;
import dev.caravan.door.DoorReply;
import dev.caravan.door.DoorRequest;
import dev.caravan.jobs.JobRequest;
import dev.caravan.plan.Admission;
import dev.caravan.plan.Ask;
import dev.caravan.plan.Deadlines;
import dev.caravan.provider.openai.ChatRequestReader;
import dev.caravan.service.ServiceDesk;
import dev.caravan.usage.Accounts;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;

/** Where the doors meet the one path: whatever came in becomes an {@link Ask}, and is accounted for at its end. */
public final class Arrivals {

    /** The exchange that came in by the door, of which all others on the path are copies. */
    static final String ROOT = "caravan.root";

    /** What a job asks, kept for whoever answers it if a bug leaves the body in any state. */
    static final String ASK = "caravan.ask";

    /** How what came in by the HTTP door is read. */
    private interface Entry {

        Ask admit(Ask.Arrival arrival, Identity identity, byte[] body);
    }

    private final AccessKeys keys;
    private final LiveCatalog catalog;
    private final Admission admission;
    private final ServiceDesk services;
    private final Accounts accounts;
    private final Deadlines deadlines;
    private final OwnForms forms;

    public Arrivals(
            AccessKeys keys,
            LiveCatalog catalog,
            Admission admission,
            ServiceDesk services,
            Accounts accounts,
            Deadlines deadlines,
            OwnForms forms) {
        this.keys = keys;
        this.catalog = catalog;
        this.admission = admission;
        this.services = services;
        this.accounts = accounts;
        this.deadlines = deadlines;
        this.forms = forms;
    }

    /** A request from the HTTP door. */
    public void http(Exchange exchange) {
        http(exchange, this::admit);
    }

    /**
     * A request from the HTTP door in a form of its own.
     *
     * @param reader makes a chat request of its body
     */
    public void http(Exchange exchange, Function<byte[], ChatRequestReader.Reading> reader) {
        http(
                exchange,
                (arrival, identity, body) -> admission.admit(arrival, catalog.current(), identity, reader.apply(body)));
    }

    private void http(Exchange exchange, Entry entry) {
        var request = exchange.getProperty(DoorConsumer.REQUEST, DoorRequest.class);
        var reply = exchange.getProperty(DoorConsumer.REPLY, DoorReply.class);
        var arrival = new Ask.Arrival(
                request.requestId(),
                Ask.Door.HTTP,
                request.path(),
                Instant.now(),
                System.nanoTime(),
                reply.cancellation(),
                Trace.of(request.header(Trace.HEADER)));
        begin(
                exchange,
                switch (keys.client(request.header("authorization"), request.header("x-api-key"))) {
                    case Access.Granted(var identity) -> entry.admit(arrival, identity, request.body());
                    case Access.Denied(var error) -> refused(arrival, error);
                });
    }

    /**
     * A request from Kafka. Nobody waits at the other end, so it is never streamed, and nobody leaves. Its account is
     * closed by {@link JobAnswers}.
     */
    public void job(Exchange exchange) {
        var job = exchange.getMessage().getBody(JobRequest.class);
        var refusal = JobSteps.job(exchange).refusal();
        var identity = new Identity(JobSteps.job(exchange).topic().key(), Identity.Role.CLIENT);
        var cancellation = new Cancellation();
        var arrival = new Ask.Arrival(
                job.id(),
                Ask.Door.KAFKA,
                job.endpoint(),
                Instant.now(),
                System.nanoTime(),
                cancellation,
                job.header(Trace.HEADER).map(Trace::of).orElse(null));
        // for whoever answers it if what follows fails
        exchange.setVariable(
                ASK,
                Ask.refused(
                        arrival,
                        catalog.current(),
                        identity,
                        ChatError.of(ErrorCode.INTERNAL_ERROR, "The broker failed.")));
        var ask = refusal.map(error -> Ask.refused(arrival, catalog.current(), identity, error))
                .orElseGet(() -> admitJob(arrival, identity, job));
        JobSteps.job(exchange).deadline().ifPresent(deadline -> {
            var watch = deadlines.after(
                    Duration.between(Instant.now(), deadline), () -> cancellation.cancel(Cancellation.Reason.DEADLINE));
            JobSteps.job(exchange).afterAttempt(watch::end);
        });
        exchange.setProperty(ROOT, exchange);
        exchange.setVariable(ASK, ask);
        exchange.getMessage().setBody(ask);
    }

    /**
     * A question of the test whether a model can be reached. It is a request of its own, with its own usage event, under the
     * test's endpoint and the name of the admin key; all of them end with the test's time, or when its caller goes.
     */
    public void test(Exchange exchange) {
        var question = exchange.getMessage().getBody(ModelTest.Question.class);
        var test = exchange.getProperty(ModelTests.TEST, ModelTests.Begun.class);
        var request = exchange.getProperty(DoorConsumer.REQUEST, DoorRequest.class);
        var number = exchange.getProperty(Exchange.SPLIT_INDEX, Integer.class);
        var cancellation = new Cancellation();
        var caller = exchange.getProperty(DoorConsumer.REPLY, DoorReply.class).cancellation();
        var registration = caller.onCancel(() -> {
            var reason = caller.reason();
            cancellation.cancel(reason == null ? Cancellation.Reason.CLIENT_GONE : reason);
        });
        var arrival = new Ask.Arrival(
                request.requestId() + "-" + number,
                Ask.Door.HTTP,
                request.path(),
                test.when(),
                test.began(),
                cancellation);
        var ask = admission.admit(arrival, catalog.current(), Identity.ADMIN, question.body(), test.timeout());
        question.askedAs(ask);
        begin(exchange, ask);
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                registration.close();
            }
        });
    }

    private Ask admit(Ask.Arrival arrival, Identity identity, byte[] body) {
        if (ServiceDesk.isAt(arrival.endpoint())) {
            return services.admit(arrival, catalog.current(), identity, body);
        }
        if (CooperationEndpoint.isAt(arrival.endpoint())) {
            return switch (CooperationEndpoint.read(arrival.endpoint(), body)) {
                case CooperationEndpoint.Form.Chat(var chat) ->
                    admission.admit(arrival, catalog.current(), identity, chat);
                case CooperationEndpoint.Form.Wrong(var error) ->
                    Ask.refused(arrival, catalog.current(), identity, error);
            };
        }
        return admission.admit(arrival, catalog.current(), identity, body);
    }

    private Ask admitJob(Ask.Arrival arrival, Identity identity, JobRequest job) {
        if (ServiceDesk.isAt(job.endpoint())) {
            return services.admit(arrival, catalog.current(), identity, job.value());
        }
        if (CooperationEndpoint.isAt(job.endpoint())) {
            return switch (CooperationEndpoint.read(job.endpoint(), job.value())) {
                case CooperationEndpoint.Form.Chat(var chat) ->
                    admission.admitUnstreamed(arrival, catalog.current(), identity, chat);
                case CooperationEndpoint.Form.Wrong(var error) ->
                    Ask.refused(arrival, catalog.current(), identity, error);
            };
        }
        var own = forms.at(job.endpoint());
        if (own.isPresent()) {
            return admission.admit(
                    arrival, catalog.current(), identity, own.get().question(job.value()));
        }
        return Operation.at(job.endpoint()).isPresent()
                ? admission.admitUnstreamed(arrival, catalog.current(), identity, job.value())
                : Ask.refused(arrival, catalog.current(), identity, unknownEndpoint(job));
    }

    private ChatError unknownEndpoint(JobRequest job) {
        return ChatError.of(
                        ErrorCode.NOT_FOUND,
                        "Header 'caravan-endpoint' names '" + job.endpoint() + "'; requests are taken for "
                                + Stream.of(
                                                Arrays.stream(Operation.values())
                                                        .map(Operation::path),
                                                CooperationEndpoint.paths().stream(),
                                                forms.paths().stream())
                                        .flatMap(paths -> paths)
                                        .collect(Collectors.joining(", "))
                                + ", and those of services, " + ServiceDesk.PATH + "….")
                .withParam("caravan-endpoint");
    }

    private Ask refused(Ask.Arrival arrival, ChatError error) {
        return Ask.refused(arrival, catalog.current(), Identity.ANONYMOUS, error);
    }

    /** The end of the exchange is the end of the request, however it ends: for a stream, after it was closed. */
    private void begin(Exchange exchange, Ask ask) {
        exchange.setProperty(ROOT, exchange);
        exchange.getUnitOfWork().addSynchronization(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                if (done.getException() != null) {
                    ask.settle(new Outcome.Failed(ChatError.of(ErrorCode.INTERNAL_ERROR, "The broker failed.")));
                }
                accounts.close(ask);
            }

            @Override
            public boolean allowHandover() {
                return false;
            }
        });
        exchange.getMessage().setBody(ask);
        // all that came with the request is in it: none of its headers may reach a provider or the reply
        exchange.getMessage().removeHeaders("*");
    }
}

package dev.caravan.plan;

import dev.caravan.access.Identity;
import dev.caravan.catalog.Catalog;
import dev.caravan.catalog.Deployment;
import dev.caravan.chat.Cancellation;
import dev.caravan.chat.ChatError;
import dev.caravan.chat.ChatRequest;
import dev.caravan.chat.ErrorCode;
import dev.caravan.chat.Operation;
import dev.caravan.chat.Outcome;
import dev.caravan.chat.Trace;
import dev.caravan.route.Decision;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One client request on its way through the routes: who asks, what, until when, who is to answer, and what came of it so
 * far. It is what the routes pass along. Used by one thread at a time, except for its {@link Cancellation} and the
 * records of its calls.
 */
public final class Ask {

    /** By which door a request came in. */
    public enum Door {
        HTTP,
        KAFKA,
        /** A route of the user's own. */
        ROUTE
    }

    /**
     * What is known of a request before it is read.
     *
     * @param requestId its id in answers, logs and usage
     * @param endpoint the path it was sent to
     * @param received when
     * @param startedNanos the same, as {@link System#nanoTime}
     * @param cancellation whether the answer is still wanted
     * @param trace the trace it is part of; null if its sender told of none
     */
    public record Arrival(
            String requestId,
            Door door,
            String endpoint,
            Instant received,
            long startedNanos,
            Cancellation cancellation,
            @Nullable Trace trace) {

        /** One that is part of no trace. */
        public Arrival(
                String requestId,
                Door door,
                String endpoint,
                Instant received,
                long startedNanos,
                Cancellation cancellation) {
            this(requestId, door, endpoint, received, startedNanos, cancellation, null);
        }
    }

    /**
     * Why one of those who were asked did not answer.
     *
     * @param provider the provider's name
     */
    record Failure(String provider, ChatError error) {}

    private final Arrival arrival;
    private final Catalog catalog;
    private final Identity identity;
    private final @Nullable ChatRequest request;
    private final long deadlineNanos;
    private final List<CallRecord> calls;
    private @Nullable Decision decision;
    private @Nullable ChatRequest freed;
    private List<Deployment> left = List.of();
    private final List<Failure> failures = new ArrayList<>(1);
    private @Nullable Deployment current;
    private @Nullable Outcome outcome;
    private @Nullable String completionId;
    private List<String> dropped = List.of();
    private @Nullable SharedWording wording;
    private @Nullable Ask whole;
    private @Nullable Asker asker;
    private @Nullable Purpose purpose;
    private long firstTokenNanos;
    private Runnable atEnd = () -> {};

    private Ask(
            Arrival arrival,
            Catalog catalog,
            Identity identity,
            @Nullable ChatRequest request,
            long deadlineNanos,
            List<CallRecord> calls,
            @Nullable Outcome outcome) {
        this.arrival = arrival;
        this.catalog = catalog;
        this.identity = identity;
        this.request = request;
        this.deadlineNanos = deadlineNanos;
        this.calls = calls;
        this.outcome = outcome;
    }

    /**
     * A request that may go on.
     *
     * @param catalog the providers and models in force when it came, by which it is served to its end
     * @param timeLimit bound on the whole request, from its arrival
     */
    public static Ask admitted(
            Arrival arrival, Catalog catalog, Identity identity, ChatRequest request, Duration timeLimit) {
        var deadline = arrival.startedNanos() + timeLimit.toNanos();
        return new Ask(arrival, catalog, identity, request, deadline, new ArrayList<>(1), null);
    }

    /** A request that is answered with an error at once. */
    public static Ask refused(Arrival arrival, Catalog catalog, Identity identity, ChatError error) {
        return new Ask(
                arrival,
                catalog,
                identity,
                null,
                arrival.startedNanos(),
                new ArrayList<>(0),
                new Outcome.Failed(error));
    }

    public Arrival arrival() {
        return arrival;
    }

    public Identity identity() {
        return identity;
    }

    public Catalog catalog() {
        return catalog;
    }

    /** What is asked; nothing where it could not be read. */
    public Optional<ChatRequest> request() {
        return Optional.ofNullable(request);
    }

    /** Which kind of request it is; a chat where it could not be read. */
    public Operation operation() {
        return request == null ? Operation.CHAT : request.operation();
    }

    /** What providers and models are asked: the request, without what it says to a choice that was made. */
    public ChatRequest requireRequest() {
        if (request == null) {
            throw new IllegalStateException("a refused request is not asked of anybody");
        }
        return freed == null ? request : freed;
    }

    /**
     * Notes the model that was chosen for a request whose own model stands for several.
     *
     * @param toBeAsked the request without what it says to the choice
     */
    void decide(Decision newDecision, ChatRequest toBeAsked) {
        decision = newDecision;
        freed = toBeAsked;
    }

    /** The choice that was made for it; nothing where its model stands for itself. */
    public Optional<Decision> decision() {
        return Optional.ofNullable(decision);
    }

    /**
     * The public name of the model that answers: the one that was asked for, or that was chosen for it; where that names a
     * provider alone, with the model it stands for as soon as somebody is asked.
     */
    public String model() {
        if (current == null) {
            return decision == null ? requireRequest().model() : decision.model();
        }
        var name = decision == null ? requireRequest().model() : decision.modelOf(current);
        return name.endsWith(":") ? name + current.model() : name;
    }

    public Cancellation cancellation() {
        return arrival.cancellation();
    }

    /** Whether the request is still without an answer, good or bad. */
    public boolean isOpen() {
        return outcome == null;
    }

    /** How much of the request's time is left; not negative. */
    public Duration remaining() {
        return Duration.ofNanos(Math.max(0, deadlineNanos - System.nanoTime()));
    }

    /** Decides who is asked. */
    void follow(Plan plan) {
        left = plan.candidates();
    }

    /** Whom to ask now: nobody once the outcome stands, nobody is left, or the time is up. */
    public Optional<Deployment> next() {
        if (left.isEmpty() || !worthAnother()) {
            return Optional.empty();
        }
        var end = remaining().isZero()
                ? Cancellation.Reason.DEADLINE
                : cancellation().reason();
        if (end != null) {
            settle(new Outcome.Failed(Failures.cancelled(end)));
            return Optional.empty();
        }
        current = left.getFirst();
        left = left.subList(1, left.size());
        return Optional.of(current);
    }

    /** Asks the present one as {@code configured}: it may have been changed since the request came. */
    public void turnTo(Deployment configured) {
        current = configured;
    }

    /** Whether somebody else could still be asked after the present one. */
    public boolean hasOthers() {
        return !left.isEmpty();
    }

    /** The one who is being asked, or was asked last. */
    public Deployment current() {
        if (current == null) {
            throw new IllegalStateException("nobody was asked");
        }
        return current;
    }

    /** What came of the request; a later outcome stands in place of an earlier. */
    public void settle(Outcome newOutcome) {
        outcome = newOutcome;
    }

    /** A request for one of the answers to this, to the present one and until the same time; its calls are noted here. */
    Ask part(SharedWording single) {
        var part = new Ask(arrival, catalog, identity, single.request(), deadlineNanos, calls, null);
        part.wording = single;
        part.whole = whole;
        part.left = left;
        part.current = current;
        return part;
    }

    /**
     * A request of its own on behalf of this one: to a model of its own choice, by the same catalog, with its own fallbacks.
     * Its calls are noted here too.
     *
     * @param wanted whether its answer still is; it is for the asker to cancel it when this is cancelled
     * @param timeLimit bound on it, from now; it does not outlive this one's
     */
    public Ask on(ChatRequest question, Cancellation wanted, Duration timeLimit, Asker newAsker) {
        var now = System.nanoTime();
        var left = Math.min(deadlineNanos - now, timeLimit.toNanos());
        var own = new Arrival(
                arrival.requestId(), arrival.door(), arrival.endpoint(), Instant.now(), now, wanted, arrival.trace());
        var ask = new Ask(own, catalog, identity, question, now + left, new ArrayList<>(1), null);
        ask.whole = this;
        ask.asker = newAsker;
        return ask;
    }

    /** Who asks this on behalf of another request; nobody for a client's own. */
    public Optional<Asker> asker() {
        return Optional.ofNullable(asker);
    }

    /** Notes what it is for; without a word it is a question to its model. */
    public void isFor(Purpose newPurpose) {
        purpose = newPurpose;
    }

    /** What it is for, where that is more than a question to its model. */
    public Optional<Purpose> purpose() {
        return Optional.ofNullable(purpose);
    }

    /** Where this is one of several parts, what is encoded once for all of them. */
    Optional<SharedWording> wording() {
        return Optional.ofNullable(wording);
    }

    /** The present one has failed: alone it says why the request did; with others before it, all of them do. */
    void fail(ChatError error) {
        failures.add(new Failure(current().provider().name(), error));
        outcome = new Outcome.Failed(Failures.isProviders(error) ? Failures.together(failures) : error);
    }

    /** What came of it; a failure while nothing did. */
    public Outcome outcome() {
        return outcome == null ? new Outcome.Failed(unanswered()) : outcome;
    }

    /** Notes the id of the completion that was given. */
    public void answeredBy(String newCompletionId) {
        completionId = newCompletionId;
    }

    public Optional<String> completionId() {
        return Optional.ofNullable(completionId);
    }

    /** Notes what of the request the provider that answered was not told. */
    void answeredWithout(List<String> fields) {
        dropped = fields;
    }

    /** The fields of the request that the provider that answered was not told of, since it could not act on them. */
    public List<String> dropped() {
        return dropped;
    }

    /** Notes that the first piece of a streamed answer is here. */
    public void firstToken() {
        if (firstTokenNanos == 0) {
            firstTokenNanos = System.nanoTime();
        }
    }

    /** From the arrival to the first piece of a streamed answer. */
    public Optional<Duration> timeToFirstToken() {
        return firstTokenNanos == 0
                ? Optional.empty()
                : Optional.of(Duration.ofNanos(firstTokenNanos - arrival.startedNanos()));
    }

    /** From the arrival until now. */
    public Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - arrival.startedNanos());
    }

    /** Has something run when the request has ended. */
    void atEnd(Runnable release) {
        atEnd = release;
    }

    /** The request has ended: what was kept for it is let go. */
    public void end() {
        atEnd.run();
    }

    /** Notes a call that has ended. */
    public void record(CallRecord call) {
        synchronized (calls) {
            calls.add(call);
        }
        if (whole != null) {
            whole.record(call);
        }
    }

    /** Every call made so far for this request, in the order they ended. */
    public List<CallRecord> calls() {
        synchronized (calls) {
            return List.copyOf(calls);
        }
    }

    /** What the calls made so far have cost, in USD. */
    public BigDecimal cost() {
        return calls().stream()
                .map(call -> catalog.cost(call.provider(), call.model(), call.usage()))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    /** A failure that another provider might not have. */
    private boolean worthAnother() {
        return switch (outcome) {
            case null -> true;
            case Outcome.Answered _, Outcome.Streaming _ -> false;
            case Outcome.Failed _ ->
                !failures.isEmpty() && Failures.isProviders(failures.getLast().error());
        };
    }

    private ChatError unanswered() {
        var reason = cancellation().reason();
        return reason == null
                ? ChatError.of(ErrorCode.INTERNAL_ERROR, "The request ended without an outcome.")
                : Failures.cancelled(reason);
    }
}

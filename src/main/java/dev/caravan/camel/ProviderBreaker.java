package dev.caravan.camel;

import dev.caravan.chat.ChatError;
import dev.caravan.plan.Failures;
import dev.caravan.plan.ProviderCall;
import dev.caravan.plan.StreamedAnswer;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.Exchange;

/**
 * A circuit breaker that holds the permission of a call until the end of its answer, also where that is a stream which ends
 * long after the call has left the breaker: it is told then, once, how it went. What it is told of calls that began before
 * it came into its present state is passed over: those have none of its permissions, and say nothing about now. Thread-safe.
 */
final class ProviderBreaker implements CircuitBreaker {

    private final CircuitBreaker states;

    /** The state last seen, and since when, in nanoseconds of the breaker's clock. */
    private record Seen(State state, long since) {}

    private volatile Seen seen;

    ProviderBreaker(CircuitBreaker states) {
        this.states = states;
        this.seen = new Seen(states.getState(), states.getCurrentTimestamp());
    }

    @Override
    public boolean tryAcquirePermission() {
        var granted = states.tryAcquirePermission();
        look();
        return granted;
    }

    @Override
    public void acquirePermission() {
        try {
            states.acquirePermission();
        } finally {
            look();
        }
    }

    @Override
    public void releasePermission() {
        states.releasePermission();
    }

    @Override
    public void onSuccess(long duration, TimeUnit unit) {
        if (isOfNow(begun(duration, unit))) {
            states.onSuccess(duration, unit);
            look();
        }
    }

    @Override
    public void onError(long duration, TimeUnit unit, Throwable thrown) {
        if (isOfNow(begun(duration, unit))) {
            states.onError(duration, unit, thrown);
            look();
        }
    }

    /** A stream has only begun: it goes on with the permission. */
    @Override
    public void onResult(long duration, TimeUnit unit, Object result) {
        if (result instanceof Exchange exchange
                && exchange.getMessage().getBody() instanceof ProviderCall call
                && call.stream() instanceof StreamedAnswer stream) {
            stream.judgedBy(new Trial(begun(duration, unit)));
        } else {
            onSuccess(duration, unit);
        }
    }

    /** One call whose answer is a stream. */
    private final class Trial implements StreamedAnswer.Judge {

        private final long begun;
        private final AtomicBoolean judged = new AtomicBoolean();

        Trial(long begun) {
            this.begun = begun;
        }

        /**
         * While the breaker tries a provider out, others wait for what comes of it: a stream that has gone on for as long
         * as the breaker was open is a good sign already.
         */
        @Override
        public void goesOn() {
            if (seen.state() == State.HALF_OPEN
                    && TimeUnit.MILLISECONDS.convert(age(), getTimestampUnit()) >= openMillis()) {
                done();
            }
        }

        @Override
        public void done() {
            if (judged.compareAndSet(false, true)) {
                onSuccess(age(), getTimestampUnit());
            }
        }

        @Override
        public void broken(ChatError error) {
            if (!Failures.countsForBreaker(error)) {
                left();
            } else if (judged.compareAndSet(false, true)) {
                onError(age(), getTimestampUnit(), new ProviderFault(error));
            }
        }

        @Override
        public void left() {
            if (judged.compareAndSet(false, true) && isOfNow(begun)) {
                releasePermission();
            }
        }

        private long age() {
            return getCurrentTimestamp() - begun;
        }

        private long openMillis() {
            return getCircuitBreakerConfig()
                    .getWaitIntervalFunctionInOpenState()
                    .apply(1);
        }
    }

    private long begun(long duration, TimeUnit unit) {
        return getCurrentTimestamp() - getTimestampUnit().convert(duration, unit);
    }

    private boolean isOfNow(long begun) {
        return look().since() - begun <= 0;
    }

    /** Notices a change of state: at the latest before the first call of the new state begins. */
    private Seen look() {
        var known = seen;
        if (known.state() == states.getState()) {
            return known;
        }
        synchronized (this) {
            var state = states.getState();
            if (seen.state() != state) {
                seen = new Seen(state, states.getCurrentTimestamp());
            }
            return seen;
        }
    }

    @Override
    public void reset() {
        states.reset();
    }

    @Override
    public void transitionToClosedState() {
        states.transitionToClosedState();
    }

    @Override
    public void transitionToOpenState() {
        states.transitionToOpenState();
    }

    @Override
    public void transitionToOpenStateFor(Duration waitDuration) {
        states.transitionToOpenStateFor(waitDuration);
    }

    @Override
    public void transitionToOpenStateUntil(Instant waitUntil) {
        states.transitionToOpenStateUntil(waitUntil);
    }

    @Override
    public void transitionToHalfOpenState() {
        states.transitionToHalfOpenState();
    }

    @Override
    public void transitionToDisabledState() {
        states.transitionToDisabledState();
    }

    @Override
    public void transitionToMetricsOnlyState() {
        states.transitionToMetricsOnlyState();
    }

    @Override
    public void transitionToForcedOpenState() {
        states.transitionToForcedOpenState();
    }

    @Override
    public String getName() {
        return states.getName();
    }

    @Override
    public State getState() {
        return states.getState();
    }

    @Override
    public CircuitBreakerConfig getCircuitBreakerConfig() {
        return states.getCircuitBreakerConfig();
    }

    @Override
    public Metrics getMetrics() {
        return states.getMetrics();
    }

    @Override
    public Map<String, String> getTags() {
        return states.getTags();
    }

    @Override
    public EventPublisher getEventPublisher() {
        return states.getEventPublisher();
    }

    @Override
    public long getCurrentTimestamp() {
        return states.getCurrentTimestamp();
    }

    @Override
    public TimeUnit getTimestampUnit() {
        return states.getTimestampUnit();
    }
}

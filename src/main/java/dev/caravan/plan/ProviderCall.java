package dev.caravan.plan;

import dev.caravan.catalog.Deployment;
import dev.caravan.chat.Cancellation;
import dev.caravan.chat.ChatError;
import dev.caravan.chat.ChatRequest;
import dev.caravan.chat.ChatStream;
import dev.caravan.chat.ErrorCode;
import dev.caravan.chat.Outcome;
import dev.caravan.chat.Trace;
import dev.caravan.chat.Usage;
import dev.caravan.provider.HttpCall;
import dev.caravan.provider.ProviderCodec;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The attempts to get an answer from one provider. How often and after what pause it is asked again is decided here; the
 * loop that does it is the provider's route. Used by one thread.
 */
public final class ProviderCall {

    /** While another provider is left to ask, the caller does not wait longer than this for a repeat. */
    private static final Duration SHORT_PAUSE = Duration.ofMillis(250);

    private static final int OK = 200;

    private final Ask ask;
    private final Deployment deployment;
    private final CoolDowns coolDowns;
    private final int maxRetries;
    private int attempts;
    private long attemptNanos;
    private final Worded worded;
    private @Nullable Outcome outcome;
    private @Nullable Duration firstToken;
    private boolean recorded = true;

    /**
     * Prepares to ask whoever is asked now.
     *
     * @param codec speaks the provider's dialect
     */
    public ProviderCall(Ask ask, CoolDowns coolDowns, ProviderCodec codec) {
        this.ask = ask;
        this.deployment = ask.current();
        this.coolDowns = coolDowns;
        this.worded = ask.wording()
                .map(shared -> shared.of(deployment, codec))
                .orElseGet(() -> Worded.of(ask.requireRequest(), deployment, codec));
        if (worded instanceof Worded.Refused(var _, var error)) {
            outcome = new Outcome.Failed(error);
        }
        var asked = request().extensions().retryCount();
        var retries = asked == null ? deployment.provider().retry().maxRetries() : asked;
        this.maxRetries = ask.hasOthers() ? Math.min(1, retries) : retries;
    }

    /** What is asked, as it is put to this model. */
    public ChatRequest request() {
        return worded.request();
    }

    /** The call in the provider's dialect. */
    public HttpCall http() {
        if (worded instanceof Worded.Sendable sendable) {
            return sendable.call();
        }
        throw new IllegalStateException("what is refused is not sent");
    }

    public Deployment deployment() {
        return deployment;
    }

    public Cancellation cancellation() {
        return ask.cancellation();
    }

    /** The trace that the call is part of; null if it is part of none. */
    public @Nullable Trace trace() {
        return ask.arrival().trace();
    }

    /** The stream that the last attempt has brought; null if it has brought none. */
    public @Nullable ChatStream stream() {
        return outcome instanceof Outcome.Streaming(var stream) ? stream : null;
    }

    /** Whether the provider is to be asked now: the first time, or once more. */
    public boolean isPending() {
        if (cancellation().isCancelled()) {
            return false;
        }
        return switch (outcome) {
            case null -> true;
            case Outcome.Answered _, Outcome.Streaming _ -> false;
            case Outcome.Failed(var error) ->
                worthRepeating(error) && pauseFor(error).compareTo(ask.remaining()) < 0;
        };
    }

    /**
     * Begins an attempt; before a repeat it first waits, until the request is no longer wanted at the latest. What is
     * not wanted any more is not sent: then there is nothing to record either.
     */
    public void begin() {
        if (outcome instanceof Outcome.Failed(var error) && !cancellation().pause(pauseFor(error))) {
            return;
        }
        attempts++;
        outcome = null;
        firstToken = null;
        recorded = false;
        attemptNanos = System.nanoTime();
    }

    /** The attempt brought a whole answer or a failure. */
    public void settle(Outcome newOutcome) {
        outcome = newOutcome;
        switch (newOutcome) {
            case Outcome.Answered(var response) -> {
                var usage = response.usage();
                record(null, usage == null ? estimate(response.text().length()) : usage, false, usage == null);
            }
            case Outcome.Failed(var error) -> {
                if (error.code() == ErrorCode.RATE_LIMIT_EXCEEDED) {
                    coolDowns.begin(deployment, error.retryAfter());
                }
                record(error, Usage.NONE, false, false);
            }
            case Outcome.Streaming _ -> {
                firstToken = latency();
                ask.firstToken();
            }
        }
    }

    /** Nobody was asked: the provider's breaker is open. */
    public void refuse(ChatError error) {
        outcome = new Outcome.Failed(error);
        recorded = true;
    }

    /** Hands what came of the attempts to the request; one that was let go has failed for that reason alone. */
    public Ask finish() {
        var reason = cancellation().reason();
        switch (outcome) {
            case Outcome.Answered answered -> answered(answered);
            case Outcome.Streaming streaming -> answered(streaming);
            case null, default -> {
                if (reason != null) {
                    letGo(Failures.cancelled(reason), null, 0);
                } else if (outcome instanceof Outcome.Failed(var error)) {
                    ask.fail(error);
                }
            }
        }
        return ask;
    }

    private void answered(Outcome answer) {
        ask.settle(answer);
        if (worded instanceof Worded.Sendable(var _, var _, var dropped)) {
            ask.answeredWithout(dropped);
        }
    }

    /** The provider has ended a stream of this attempt: with an error, if it broke it off. */
    void streamed(@Nullable ChatError error, @Nullable Usage usage, long characters) {
        record(error, usage == null ? estimate(characters) : usage, false, usage == null);
        if (error != null) {
            ask.settle(new Outcome.Failed(error));
        }
    }

    /** The broker has let go of this attempt, if it was still going on. */
    void letGo(ChatError why, @Nullable Usage usage, long characters) {
        if (!recorded) {
            record(why, usage == null ? estimate(characters) : usage, true, usage == null);
        }
        ask.settle(new Outcome.Failed(why));
    }

    private void record(@Nullable ChatError error, Usage usage, boolean cancelled, boolean estimated) {
        recorded = true;
        ask.record(new CallRecord(
                deployment.provider().name(),
                deployment.model(),
                error == null ? OK : error.status(),
                error == null ? null : error.code(),
                usage,
                latency(),
                firstToken,
                cancelled,
                estimated));
    }

    private Duration latency() {
        return Duration.ofNanos(System.nanoTime() - attemptNanos);
    }

    /** About four characters make a token. */
    private Usage estimate(long characters) {
        var prompt = request()
                .source()
                .value(request().operation().question())
                .map(String::length)
                .orElse(0);
        return new Usage(Math.ceilDiv(prompt, 4), Math.ceilDiv(characters, 4));
    }

    private boolean worthRepeating(ChatError error) {
        if (attempts > maxRetries || !Failures.isPassing(error)) {
            return false;
        }
        // a job gives its place to others meanwhile, and asks again later
        if (error.code() == ErrorCode.RATE_LIMIT_EXCEEDED
                && (ask.hasOthers() || ask.arrival().door() == Ask.Door.KAFKA)) {
            return false;
        }
        var asked = error.retryAfter();
        var longest =
                ask.hasOthers() ? SHORT_PAUSE : deployment.provider().retry().maxDelay();
        return asked == null || asked.compareTo(longest) <= 0;
    }

    /**
     * Exponential backoff with jitter of up to a half, or what the provider asked for if that is longer; cut short while
     * another is left to ask.
     */
    private Duration pauseFor(ChatError error) {
        var retry = deployment.provider().retry();
        var millis = Math.min(
                retry.initialDelay().toMillis() * Math.pow(retry.exponentialBase(), attempts - 1.0),
                retry.maxDelay().toMillis());
        var backoff =
                Duration.ofMillis((long) (millis * ThreadLocalRandom.current().nextDouble(0.5, 1.0)));
        var asked = error.retryAfter();
        var pause = asked != null && asked.compareTo(backoff) > 0 ? asked : backoff;
        return ask.hasOthers() && pause.compareTo(SHORT_PAUSE) > 0 ? SHORT_PAUSE : pause;
    }
}

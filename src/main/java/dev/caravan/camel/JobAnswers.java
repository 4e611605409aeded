package dev.caravan.camel;

import dev.caravan.api.ChatReply;
import dev.caravan.api.ErrorBody;
import dev.caravan.api.OwnForms;
import dev.caravan.chat.ChatError;
import dev.caravan.chat.ErrorCode;
import dev.caravan.chat.Outcome;
import dev.caravan.jobs.Job;
import dev.caravan.jobs.JobAnswer;
import dev.caravan.jobs.JobAnswer.Death;
import dev.caravan.jobs.JobResponse;
import dev.caravan.jobs.RetryPolicy;
import dev.caravan.jobs.RetryPolicy.Next;
import dev.caravan.plan.Ask;
import dev.caravan.usage.Accounts;
import dev.caravan.usage.Parsed;
import dev.caravan.usage.UsageCall;
import dev.caravan.usage.UsageEvent;
import java.time.Clock;
import java.util.List;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides what came of a job that was asked: its answer, or that it is tried again. Thread-safe. */
public final class JobAnswers {

    private static final Logger LOG = LoggerFactory.getLogger(JobAnswers.class);

    /** What Kafka takes of a record is 12 MiB, its key and headers included; the key is the request's, of 1 MiB at most. */
    private static final int LARGEST_RESPONSE = 11 * 1024 * 1024 - 64 * 1024;

    private static final int MOST_CALLS = 100;

    private final Accounts accounts;
    private final OwnForms forms;
    private final RetryPolicy retries;
    private final Clock clock;

    public JobAnswers(Accounts accounts, OwnForms forms, RetryPolicy retries, Clock clock) {
        this.accounts = accounts;
        this.forms = forms;
        this.retries = retries;
        this.clock = clock;
    }

    /** The outcome, in the form of the endpoint that was asked. */
    public void chat(Exchange exchange) {
        var job = JobSteps.job(exchange);
        var ask = exchange.getMessage().getBody(Ask.class);
        switch (ask.outcome()) {
            case Outcome.Failed(var error) -> failed(job, ask, error);
            case Outcome.Answered _, Outcome.Streaming _ -> {
                var response = ok(job, ask);
                if (response.value().length > LARGEST_RESPONSE) {
                    var error = tooLarge(response.value().length);
                    ask.settle(new Outcome.Failed(error));
                    failed(job, ask, error);
                } else {
                    settle(job, response, usage(job, ask), null);
                }
            }
        }
    }

    /** Kafka would not take it, however often it is tried: many vectors can be that large. */
    private static ChatError tooLarge(int bytes) {
        return ChatError.of(
                ErrorCode.TOO_LARGE,
                "The answer has " + bytes + " bytes, and a response record holds " + LARGEST_RESPONSE
                        + ": ask for less at once, or for vectors in base64.");
    }

    /** A bug of ours: the request is answered all the same, and not tried again for ever. */
    public void bug(Exchange exchange) {
        var job = JobSteps.job(exchange);
        LOG.error(
                "Job {} failed", job.request().id(), exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class));
        var error = ChatError.of(
                ErrorCode.INTERNAL_ERROR,
                "The broker failed; its log says more under id " + job.request().id() + ".");
        var ask = exchange.getVariable(Arrivals.ASK, Ask.class);
        if (ask == null) {
            throw new IllegalStateException("a job that was never asked", exchange.getException());
        }
        ask.settle(new Outcome.Failed(error));
        settle(job, error(job, error), usage(job, ask), death("invalid", error, job));
    }

    private void failed(Job job, Ask ask, ChatError error) {
        var event = usage(job, ask);
        var now = clock.instant();
        var next = job.refusal().isPresent()
                ? new Next.GiveUp("invalid")
                : retries.after(
                        error, job.attempts(), job.since(), job.deadline().orElse(null), now);
        switch (next) {
            case Next.Pause(var pause) -> job.paused(pause, event.toJson());
            case Next.Later(var notBefore) -> {
                LOG.debug("Job {} is tried again at {}: {}", job.request().id(), notBefore, error.message());
                job.putOff(notBefore, event.toJson());
            }
            case Next.GiveUp(var reason) -> settle(job, error(job, error), event, death(reason, error, job));
        }
    }

    private void settle(Job job, JobResponse response, UsageEvent event, @Nullable Death death) {
        accounts.ended(event);
        var replyTo = job.replyTo().orElse(null);
        job.answered(new JobAnswer(response, replyTo, event.toJson(), death));
    }

    /** The account of this attempt, with the calls of those before. */
    private UsageEvent usage(Job job, Ask ask) {
        var event = accounts.attempt(ask);
        var earlier = job.earlierUsage();
        return earlier != null && UsageEvent.parse(earlier) instanceof Parsed.Valid<UsageEvent>(var before)
                ? event.after(told(before.calls()))
                : event;
    }

    /** A job may be put off by 429s for a day: of so many only the others are told. */
    private static List<UsageCall> told(List<UsageCall> calls) {
        return calls.size() < MOST_CALLS
                ? calls
                : calls.stream().filter(call -> call.status() != 429).toList();
    }

    private JobResponse ok(Job job, Ask ask) {
        var response = JobResponse.ok(job.request(), (byte[]) forms.reply(ask).body(), job.attempts(), clock.instant());
        return ask.dropped().isEmpty() ? response : response.with(ChatReply.DROPPED, ChatReply.dropped(ask));
    }

    private JobResponse error(Job job, ChatError error) {
        var request = job.request();
        return JobResponse.error(request, ErrorBody.inner(error, request.id()), job.attempts(), clock.instant());
    }

    private static Death death(String reason, ChatError error, Job job) {
        return new Death(reason, error.code().text(), error.message(), job.attempts());
    }
}

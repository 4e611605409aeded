package dev.caravan.camel;

import dev.caravan.api.ChatReply;
import dev.caravan.api.ErrorBody;
import dev.caravan.chat.ChatError;
import dev.caravan.chat.ErrorCode;
import dev.caravan.chat.Outcome;
import dev.caravan.jobs.JobRequest;
import dev.caravan.jobs.JobResponse;
import dev.caravan.plan.Ask;
import dev.caravan.usage.Accounts;
import java.time.Instant;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts what came of a job into its response record, and what it used into variable {@code usage}. Thread-safe. */
public final class JobAnswers {

    private static final Logger LOG = LoggerFactory.getLogger(JobAnswers.class);
    private static final String JOB = "job";
    private static final String USAGE = "usage";
    private static final int ONCE = 1;

    /** A record of responses holds 12 MiB; some of it is for headers and key. */
    private static final int LARGEST = (12 << 20) - (64 << 10);

    private final Accounts accounts;

    public JobAnswers(Accounts accounts) {
        this.accounts = accounts;
    }

    /** Keeps the request for its response. */
    public void keep(Exchange exchange) {
        exchange.setVariable(JOB, exchange.getMessage().getBody(JobRequest.class));
    }

    /** A chat's outcome, or that of another request. */
    public JobResponse chat(Exchange exchange) {
        var ask = exchange.getMessage().getBody(Ask.class);
        var job = exchange.getVariable(JOB, JobRequest.class);
        var response = switch (ask.outcome()) {
            case Outcome.Failed(var error) -> error(job, error);
            case Outcome.Answered _, Outcome.Streaming _ -> ok(job, ask);
        };
        if (response.value().length > LARGEST) {
            var error = tooLarge(response.value().length);
            ask.settle(new Outcome.Failed(error));
            response = error(job, error);
        }
        closeAccount(exchange, ask);
        return response;
    }

    /** Kafka would not take it, however often it is tried: many vectors can be that large. */
    private static ChatError tooLarge(int bytes) {
        return ChatError.of(
                ErrorCode.TOO_LARGE,
                "The answer has " + bytes + " bytes, and a response record holds " + LARGEST
                        + ": ask for less at once, or for vectors in base64.");
    }

    /** A bug of ours: the request is answered all the same, and not tried again for ever. */
    public JobResponse bug(Exchange exchange) {
        var job = exchange.getVariable(JOB, JobRequest.class);
        LOG.error("Job {} failed", job.id(), exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class));
        var error = ChatError.of(
                ErrorCode.INTERNAL_ERROR, "The broker failed; its log says more under id " + job.id() + ".");
        var ask = exchange.getVariable(Arrivals.ASK, Ask.class);
        if (ask != null) {
            ask.settle(new Outcome.Failed(error));
            closeAccount(exchange, ask);
        }
        return error(job, error);
    }

    private void closeAccount(Exchange exchange, Ask ask) {
        exchange.setVariable(USAGE, accounts.settle(ask).toJson());
    }

    private static JobResponse ok(JobRequest job, Ask ask) {
        var response = JobResponse.ok(job, (byte[]) ChatReply.of(ask).body(), ONCE, Instant.now());
        return ask.dropped().isEmpty() ? response : response.with(ChatReply.DROPPED, ChatReply.dropped(ask));
    }

    private static JobResponse error(JobRequest job, ChatError error) {
        return JobResponse.error(job, ErrorBody.inner(error, job.id()), ONCE, Instant.now());
    }
}

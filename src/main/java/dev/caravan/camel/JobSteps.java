package dev.caravan.camel;

import dev.caravan.jobs.Job;
import dev.caravan.jobs.Job.Fate;
import dev.caravan.jobs.JobQueue;
import dev.caravan.jobs.JobRequest;
import dev.caravan.jobs.OffsetWindow;
import dev.caravan.jobs.RequestTopics;
import java.time.Clock;
import org.apache.camel.Exchange;
import org.apache.camel.Predicate;

/**
 * The steps of a job, named by the routes: each takes the job from the variable {@code job}, where {@link #begin} puts it.
 * Thread-safe.
 */
public final class JobSteps {

    static final String JOB = "job";
    private static final String TICKET = "ticket";

    private final JobQueue queue;
    private final RequestTopics topics;
    private final Clock clock;

    public JobSteps(JobQueue queue, RequestTopics topics, Clock clock) {
        this.queue = queue;
        this.topics = topics;
        this.clock = clock;
    }

    /** The request that was read becomes a job. */
    public void begin(Exchange exchange) {
        exchange.setVariable(
                JOB,
                new Job(
                        exchange.getMessage().getBody(JobRequest.class),
                        topics,
                        exchange.getVariable(TICKET, OffsetWindow.Ticket.class),
                        clock.instant()));
    }

    /** Waits until the job may be asked. */
    public void await(Exchange exchange) {
        queue.await(job(exchange));
    }

    /** Claims the job; the message becomes its request. */
    public void claim(Exchange exchange) {
        var job = job(exchange);
        queue.claim(job);
        exchange.getMessage().setBody(job.request());
    }

    /** Stores the answer. */
    public void store(Exchange exchange) {
        queue.keep(job(exchange));
    }

    /** All that is owed for the job is published. */
    public void mark(Exchange exchange) {
        queue.mark(job(exchange));
    }

    /** The job is on the retry topic. */
    public void deferred(Exchange exchange) {
        queue.deferred(job(exchange));
    }

    /** Nothing more is to be done here. */
    public void end(Exchange exchange) {
        queue.end(job(exchange));
    }

    /** What became of the job is not settled yet. */
    public static Predicate open() {
        return exchange -> job(exchange).fate() == Fate.OPEN;
    }

    /** The job is to be asked now. */
    public static Predicate claimed() {
        return exchange -> job(exchange).fate() == Fate.OPEN && job(exchange).isClaimed();
    }

    /** The job has an answer, which is to be published. */
    public static Predicate answered() {
        return exchange -> job(exchange).fate() == Fate.ANSWERED;
    }

    /** The job has to wait for longer. */
    public static Predicate late() {
        return exchange -> job(exchange).fate() == Fate.LATER;
    }

    /** The response is not on its topic yet. */
    public Predicate unpublished() {
        return exchange -> queue.isUnpublished(job(exchange));
    }

    /** The job could not be answered, and will not be tried again. */
    public static Predicate dead() {
        return exchange -> job(exchange).answer().death() != null;
    }

    static Job job(Exchange exchange) {
        return exchange.getVariable(JOB, Job.class);
    }
}

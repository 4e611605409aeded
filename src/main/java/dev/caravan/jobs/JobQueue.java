package dev.caravan.jobs;

import dev.caravan.chat.Cancellation;
import dev.caravan.chat.ChatError;
import dev.caravan.chat.ErrorCode;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Decides when a job is asked, and whether at all: its time must have come, its provider must have room, and nobody else
 * may be at it. What has to wait for longer goes to the retry topic, so that it holds up nobody. Its methods wait; they are
 * for virtual threads. Thread-safe.
 */
public final class JobQueue {

    /** How soon a request that another instance is at is looked at again. */
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    private static final String RESPONSES = "caravan.responses";

    private final Claims claims;
    private final Lanes lanes;
    private final Function<Addressee, String> providers;
    private final ReplyTopics replyTopics;
    private final PublishedResponses published;
    private final Duration parkAfter;
    private final Clock clock;
    private final Cancellation stopping = new Cancellation();

    /**
     * A queue.
     *
     * @param providers gives the name of the provider that would be asked
     * @param parkAfter how long a job waits in memory
     */
    public JobQueue(
            Claims claims,
            Lanes lanes,
            Function<Addressee, String> providers,
            ReplyTopics replyTopics,
            PublishedResponses published,
            Duration parkAfter,
            Clock clock) {
        this.claims = claims;
        this.lanes = lanes;
        this.providers = providers;
        this.replyTopics = replyTopics;
        this.published = published;
        this.parkAfter = parkAfter;
        this.clock = clock;
    }

    /** Jobs that wait are given back; those that are asked go on. */
    public void close() {
        stopping.cancel(Cancellation.Reason.DRAINING);
    }

    /** Waits for the job's turn. */
    public void await(Job job) {
        if (!isDue(job) || !isAlone(job)) {
            return;
        }
        var request = job.request();
        if (!job.isClaimed() && claims.isPublished(job.claimId(), request.contentId())) {
            job.over();
            return;
        }
        var left = job.deadline().map(deadline -> Duration.between(clock.instant(), deadline));
        var place = lanes.enter(
                providers.apply(Addressee.of(request.value())),
                request.priority(job.topic().priority()),
                left.filter(shorter -> shorter.compareTo(parkAfter) < 0).orElse(parkAfter),
                stopping);
        if (place != null) {
            job.at(place);
        } else if (stopping.isCancelled() || !isOverdue(job)) {
            putAside(job, null);
        } // else it is refused, for which nobody's place is needed
    }

    private boolean isOverdue(Job job) {
        return job.deadline()
                .filter(deadline -> !deadline.isAfter(clock.instant()))
                .isPresent();
    }

    /** Claims the job, unless that is done: settles its fate, or leaves it open to be asked. */
    public void claim(Job job) {
        if (job.fate() != Job.Fate.OPEN || job.isClaimed()) {
            return;
        }
        var request = job.request();
        switch (claims.take(job.claimId(), request.contentId(), request.round())) {
            case Claim.Mine mine -> mine(job, mine);
            case Claim.Kept(var responseId, var answer, var since) -> job.kept(responseId, JobAnswer.of(answer), since);
            case Claim.Over _ -> job.over();
            case Claim.Held _ -> held(job);
            case Claim.Conflict _ -> {
                job.conflicts(ChatError.of(
                                ErrorCode.ID_CONFLICT,
                                "Another request with id '" + request.id()
                                        + "' has come before: a request that differs must have an id of its own.")
                        .withParam("ce_id"));
                claim(job);
            }
        }
    }

    /** Stores the answer; the job is over if somebody else has answered by now, or is about to. */
    public void keep(Job job) {
        while (job.fate() == Job.Fate.ANSWERED && job.responseId() == null) {
            var responseId = claims.keep(job.claimId(), job.answer().toBytes());
            if (responseId != null) {
                job.stored(responseId);
            } else {
                lost(job);
            }
        }
    }

    /** The claim is not this one's any more; or it is, and the store had said no word of having kept the answer. */
    private void lost(Job job) {
        var request = job.request();
        switch (claims.take(job.claimId(), request.contentId(), request.round())) {
            case Claim.Mine _ -> {} // it came back: now the answer can be kept
            case Claim.Kept(var responseId, var answer, var since) -> job.kept(responseId, JobAnswer.of(answer), since);
            case Claim.Over _, Claim.Held _, Claim.Conflict _ -> job.over();
        }
    }

    /** Whether the answer is still to be published: somebody who has died may have done that, and no more. */
    public boolean isUnpublished(Job job) {
        var since = job.keptSince();
        if (since == null) {
            return true;
        }
        var replyTo = job.answer().replyTo();
        return !published.contains(
                replyTo == null || !replyTopics.exists(replyTo) ? RESPONSES : replyTo.topic(),
                job.answer().response(),
                since,
                job.keptNanos());
    }

    /** Kafka has all that is owed for it. */
    public void mark(Job job) {
        var responseId = job.responseId();
        if (responseId != null) {
            claims.mark(
                    job.claimId(),
                    job.request().contentId(),
                    responseId,
                    job.answer().death() != null);
        }
    }

    /** The job is on the retry topic. */
    public void deferred(Job job) {
        if (job.isClaimed()) {
            claims.defer(job.claimId(), round(job), job.attemptsThatCount(), job.earlierUsage());
        }
    }

    /** The round that the record on the retry topic belongs to: a new one if this one's claim is given up for it. */
    static int round(Job job) {
        return job.request().round() + (job.isClaimed() ? 1 : 0);
    }

    /** Nothing more is to be done about it here. */
    public void end(Job job) {
        job.leavePlace();
        if (job.isEntered()) {
            claims.leave(job.request().claimId());
        }
        if (job.fate() == Job.Fate.GIVEN_BACK) {
            job.ticket().giveBack();
        } else {
            job.ticket().done();
        }
    }

    private boolean isDue(Job job) {
        var notBefore = job.request().notBefore().orElse(null);
        if (notBefore == null || job.isClaimed()) {
            return true;
        }
        var wait = Duration.between(clock.instant(), notBefore);
        if (!wait.isPositive()) {
            return true;
        }
        var patient = wait.compareTo(parkAfter) < 0;
        if (stopping.pause(patient ? wait : parkAfter) && patient) {
            return true;
        }
        putAside(job, notBefore);
        return false;
    }

    private boolean isAlone(Job job) {
        if (!job.isEntered()) {
            if (!claims.enter(job.request().claimId(), parkAfter, stopping)) {
                putAside(job, null);
                return false;
            }
            job.entered();
        }
        return true;
    }

    private void mine(Job job, Claim.Mine mine) {
        job.claimed(mine);
        try {
            var deadline = job.request().deadline();
            if (deadline.isPresent() && isOverdue(job)) {
                job.refuse(ChatError.of(
                                ErrorCode.TIMEOUT,
                                "The deadline " + deadline.get() + " had passed before the request could be asked.")
                        .withCause("deadline"));
            }
        } catch (DateTimeException e) {
            job.refuse(
                    ChatError.invalid(
                            "deadline",
                            "Header 'deadline' must be an ISO-8601 time such as 2026-01-31T12:00:00Z, or seconds or milliseconds since 1970."));
        }
        job.request().replyTo().flatMap(replyTopics::problem).ifPresent(job::refuseReply);
    }

    private void held(Job job) {
        job.leavePlace();
        var now = clock.instant();
        if (Duration.between(job.heldSince(now), now).compareTo(parkAfter) > 0) {
            putAside(job, now.plus(LOOK_AGAIN));
        } else if (!stopping.pause(LOOK_AGAIN)) {
            job.giveBack();
        }
    }

    private void putAside(Job job, @Nullable Instant notBefore) {
        if (stopping.isCancelled()) {
            job.giveBack();
        } else {
            job.park(notBefore);
        }
    }
}

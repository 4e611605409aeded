package dev.caravan.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.caravan.chat.ChatError;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A request from Kafka on its way through the routes: what is known of it, and what is to become of it. For one thread.
 */
public final class Job {

    /** What is to become of a job. */
    public enum Fate {
        /** That is not settled yet. */
        OPEN,
        /** Its answer is to be published. */
        ANSWERED,
        /** It goes to the retry topic. */
        LATER,
        /** Nothing: somebody else has answered it, or will. */
        OVER,
        /** It is left to the next start. */
        GIVEN_BACK
    }

    private final JobRequest request;
    private final OffsetWindow.Ticket ticket;
    private final RequestTopics.Topic topic;
    private final Instant arrived;
    private UUID claimId;
    private boolean entered;
    private Fate fate = Fate.OPEN;
    private Lanes.@Nullable Place place;
    private int attempts;
    private boolean claimed;
    private boolean triedInVain;
    private boolean replyRefused;
    private @Nullable Instant keptSince;
    private long keptNanos;
    private byte @Nullable [] earlierUsage;
    private @Nullable ChatError refusal;
    private @Nullable JobAnswer answer;
    private @Nullable Long responseId;
    private @Nullable Instant notBefore;
    private @Nullable Instant heldSince;
    private Runnable afterAttempt = () -> {};

    /** A job that has just been read. */
    public Job(JobRequest request, RequestTopics topics, OffsetWindow.Ticket ticket, Instant arrived) {
        this.request = request;
        this.topic = topics.of(request.topic());
        this.ticket = ticket;
        this.arrived = arrived;
        this.claimId = request.claimId();
    }

    public JobRequest request() {
        return request;
    }

    /** What holds for the topic it came by. */
    public RequestTopics.Topic topic() {
        return topic;
    }

    public Fate fate() {
        return fate;
    }

    /** What it is claimed by. */
    UUID claimId() {
        return claimId;
    }

    /** When it came, or was first put on the retry topic. */
    public Instant since() {
        return request.since().orElse(arrived);
    }

    /** Until when an answer is wanted; one that cannot be read does not hold. */
    public Optional<Instant> deadline() {
        try {
            return request.deadline();
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** How often it was tried, this time included. */
    public int attempts() {
        return attempts;
    }

    /** The usage event of what was tried before; null if there is none. */
    public byte @Nullable [] earlierUsage() {
        return earlierUsage;
    }

    /** Why it is answered with an error and not asked of anybody; empty if it may be asked. */
    public Optional<ChatError> refusal() {
        return Optional.ofNullable(refusal);
    }

    /** Where its response is wanted, if that is allowed. */
    public Optional<JobRequest.ReplyTo> replyTo() {
        return replyRefused ? Optional.empty() : request.replyTo();
    }

    /** Its response must not go where it is wanted. */
    void refuseReply(ChatError error) {
        replyRefused = true;
        refuse(error);
    }

    /** Has something run when this attempt has ended. */
    public void afterAttempt(Runnable release) {
        afterAttempt = release;
    }

    /** What is owed for it. */
    public JobAnswer answer() {
        if (answer == null) {
            throw new IllegalStateException("a job without an answer");
        }
        return answer;
    }

    /** How many attempts count: those that a provider had a chance to answer. */
    int attemptsThatCount() {
        return triedInVain ? attempts : Math.max(0, attempts - 1);
    }

    /** It was tried, and this is its answer. */
    public void answered(JobAnswer newAnswer) {
        answer = newAnswer;
        fate = Fate.ANSWERED;
        leavePlace();
    }

    /**
     * It was tried and is put off.
     *
     * @param until when it may be tried again
     * @param usage the usage event so far
     */
    public void putOff(Instant until, byte[] usage) {
        earlierUsage = usage;
        triedInVain = true;
        notBefore = until;
        fate = Fate.LATER;
        leavePlace();
    }

    /** The provider wants a pause: it is asked again after that, and this was no attempt. */
    public void paused(Duration pause, byte[] usage) {
        earlierUsage = usage;
        if (place != null) {
            place.leaveClosed(pause);
            place = null;
        }
        leavePlace();
    }

    boolean isEntered() {
        return entered;
    }

    void entered() {
        entered = true;
    }

    void at(Lanes.Place newPlace) {
        place = newPlace;
    }

    void leavePlace() {
        afterAttempt.run();
        afterAttempt = () -> {};
        if (place != null) {
            place.leave();
            place = null;
        }
    }

    /** Whether it is this one's to ask. */
    public boolean isClaimed() {
        return claimed;
    }

    void claimed(Claim.Mine mine) {
        claimed = true;
        attempts = mine.attempts();
        earlierUsage = mine.earlierUsage();
    }

    /** It has the id of another request: it is answered on its own. */
    void conflicts(ChatError error) {
        claimId = Sha.shortened(
                request.id().getBytes(UTF_8),
                new byte[1],
                request.contentId().toString().getBytes(UTF_8));
        refusal = error;
    }

    void refuse(ChatError error) {
        if (refusal == null) {
            refusal = error;
        }
    }

    /** It was answered before: that answer is published. */
    void kept(long newResponseId, JobAnswer stored, Instant since) {
        responseId = newResponseId;
        keptSince = since;
        keptNanos = System.nanoTime();
        answer = stored;
        fate = Fate.ANSWERED;
        leavePlace();
    }

    /** When its answer was stored by somebody who has died since; null if it is this one's own. */
    @Nullable
    Instant keptSince() {
        return keptSince;
    }

    /** When it was taken over, as {@link System#nanoTime}. */
    long keptNanos() {
        return keptNanos;
    }

    void stored(long newResponseId) {
        responseId = newResponseId;
    }

    /** Where its answer is stored; null if it is not. */
    public @Nullable Long responseId() {
        return responseId;
    }

    /** It was not tried, and is put off; nothing but its place on the topic changes. */
    void park(@Nullable Instant until) {
        notBefore = until;
        fate = Fate.LATER;
        leavePlace();
    }

    /** When it may be tried again; null: at any time. */
    @Nullable
    Instant notBefore() {
        return notBefore;
    }

    void over() {
        fate = Fate.OVER;
        leavePlace();
    }

    void giveBack() {
        fate = Fate.GIVEN_BACK;
        leavePlace();
    }

    /** Since when somebody else has been at it, as far as this job has seen. */
    Instant heldSince(Instant now) {
        if (heldSince == null) {
            heldSince = now;
        }
        return heldSince;
    }

    OffsetWindow.Ticket ticket() {
        return ticket;
    }

    @Override
    public String toString() {
        return "Job[" + request.id() + ", " + fate + "]";
    }
}

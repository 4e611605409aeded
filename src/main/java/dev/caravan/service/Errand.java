package dev.caravan.service;

import dev.caravan.chat.ChatError;
import dev.caravan.chat.ErrorCode;
import dev.caravan.chat.Outcome;
import dev.caravan.plan.Ask;
import dev.caravan.plan.Failures;
import dev.caravan.plan.Purpose;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One request to a service on its way through the routes: what is asked for it, and what came of that. It is what the routes of
 * services pass along; they say in what order things happen, it says what is true. Thread-safe as far as parts are read at once.
 */
public final class Errand implements Purpose {

    /** Of a context window, what is left free: models count tokens each in their own way. */
    private static final double SHARE = 0.9;

    /** A part that is smaller is not worth its question. */
    private static final int SMALLEST_PART = 32;

    private final Order order;
    private final Ask whole;
    private final Wording wording;
    private final int window;
    private final Semaphore places;
    private final List<Question> answered = new ArrayList<>();
    private String content;
    private List<Question> parts = List.of();
    private int partCount;
    private String text = "";
    private AnswerReader.@Nullable Reading reading;
    private boolean repaired;
    private volatile @Nullable ChatError failure;

    /** @param window how many tokens question and answer may have together */
    Errand(Order order, Ask whole, Wording wording, int window) {
        this.order = order;
        this.whole = whole;
        this.wording = wording;
        this.window = window;
        this.places = new Semaphore(order.spec().longDocuments().parallel());
        this.content = order.content();
    }

    Ask whole() {
        return whole;
    }

    private boolean isWanted() {
        return failure == null && !whole.cancellation().isCancelled();
    }

    /** Whether the content does not fit into one question. */
    public boolean isTooLong() {
        return isWanted() && Tokens.isMore(wording.prompt() + "\n" + content, room());
    }

    /** Takes the content apart, each part as large as one question can hold. */
    public Errand takeApart() {
        var limits = order.spec().longDocuments();
        var room = room() - Tokens.count(wording.partPrompt(limits.parts(), limits.parts()));
        if (room < SMALLEST_PART) {
            failure = ChatError.invalid(
                    "parameters.model",
                    "The content is too long for one question, and a context window of " + window
                            + " tokens leaves no room for parts of it.");
            return this;
        }
        var texts = Tokens.split(content, room, limits.parts());
        if (texts.size() > limits.parts()) {
            failure = ChatError.of(
                            ErrorCode.TOO_LARGE,
                            "The content would be read in more than " + limits.parts() + " parts, which is as many as '"
                                    + order.spec().name() + "' reads.")
                    .withParam("content");
            return this;
        }
        partCount += texts.size();
        parts = IntStream.range(0, texts.size())
                .mapToObj(i -> new Question(this, wording.part(i + 1, texts.size(), texts.get(i)), i + 1))
                .toList();
        return this;
    }

    /** Whether there are parts to be read. */
    public boolean isApart() {
        return failure == null && !parts.isEmpty();
    }

    /** The questions about the parts. */
    public List<Question> parts() {
        return parts;
    }

    /** From now on the content is what was made of its parts. */
    void goOnWith(String summaries) {
        if (isWanted() && Tokens.count(summaries) >= Tokens.count(content) * SHARE) {
            failure = ChatError.of(
                            ErrorCode.INFERENCE_FAILED,
                            "What the model made of the content's parts is not shorter than these.")
                    .withCause("not_shorter");
        }
        content = summaries;
        parts = List.of();
    }

    /** Whether the service's own question is to be asked. */
    public boolean isDue() {
        return isWanted();
    }

    /** The service's own question. */
    public Question question() {
        return new Question(this, wording.question(content), 0);
    }

    /** Whether there is an answer that has not the form of the result, which the model was not told yet. */
    public boolean isRepairDue() {
        return isWanted() && !repaired && reading != null && reading.object() == null;
    }

    /** The question again, with what is wrong with the answer. */
    public Question repair() {
        repaired = true;
        var problems = reading == null ? List.<String>of() : reading.problems();
        return new Question(this, wording.repair(content, text, problems), 0);
    }

    /** The end: the request has its answer, good or bad. */
    public Ask conclude() {
        var reason = whole.cancellation().reason();
        if (reason != null) {
            parts.forEach(Question::letGo);
            whole.settle(new Outcome.Failed(Failures.cancelled(reason)));
        } else if (failure != null) {
            var param = ServiceSpec.MODEL.equals(failure.param()) ? "parameters.model" : failure.param();
            whole.settle(new Outcome.Failed(param == null ? failure : failure.withParam(param)));
        } else {
            var last = answered.getLast().ask();
            whole.turnTo(last.current());
            whole.settle(last.outcome());
            if (last.outcome() instanceof Outcome.Answered(var response)
                    && !response.id().isEmpty()) {
                whole.answeredBy(response.id());
            }
        }
        return whole;
    }

    @Override
    public byte[] body() {
        return new ServiceReply(whole, order.spec().name(), partCount, repaired)
                .of(reading == null ? null : reading.object(), text, models());
    }

    /** Those who answered, in the order in which they did. */
    private String models() {
        return answered.stream()
                .map(question -> question.ask().model())
                .distinct()
                .collect(Collectors.joining(", "));
    }

    /** A question has its answer, good or bad. */
    synchronized void ended(Question question) {
        switch (question.ask().outcome()) {
            case Outcome.Answered _ -> {
                answered.add(question);
                if (question.number() == 0) {
                    text = question.text();
                    reading = AnswerReader.read(text, wording.schema());
                }
            }
            case Outcome.Failed(var error) -> failed(question, error);
            case Outcome.Streaming _ -> throw new IllegalStateException("a stream that nobody asked for");
        }
    }

    /** Without one part the whole cannot be answered; an answer that cannot be repaired is one all the same. */
    private void failed(Question question, ChatError error) {
        if (question.number() == 0) {
            failure = reading == null ? error : null;
        } else if (failure == null) {
            failure = new ChatError(
                    error.code(),
                    error.status(),
                    "Part " + question.number() + " of " + parts.size() + " could not be read: " + error.message(),
                    error.param(),
                    error.cause(),
                    error.retryAfter());
            parts.stream().filter(part -> part != question).forEach(Question::letGo);
        }
    }

    /** Waits until fewer parts are read than may be at once; false if the request's time is up before. */
    boolean awaitPlace() {
        try {
            return places.tryAcquire(whole.remaining().toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts threads here", e);
        }
    }

    void leavePlace() {
        places.release();
    }

    /** Tokens that a question may have beside its answer. */
    private int room() {
        var answer = Math.min(order.spec().longDocuments().answer(), window / 4);
        return (int) (window * SHARE) - answer;
    }
}

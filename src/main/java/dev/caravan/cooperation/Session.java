package dev.caravan.cooperation;

import dev.caravan.catalog.Council;
import dev.caravan.chat.Cancellation;
import dev.caravan.chat.ChatError;
import dev.caravan.chat.ChatRequest;
import dev.caravan.chat.Outcome;
import dev.caravan.plan.Ask;
import dev.caravan.plan.Deadlines;
import dev.caravan.plan.Failures;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way through a council: who was asked what, and what came of it. It is what the routes of cooperation
 * pass along; they say in what order things happen, it says what is true. Thread-safe as far as members are asked at once.
 */
public abstract sealed class Session permits Panel, PipelineSession, CascadeSession {

    /** Of the request's time, what is left to members where no deadline is said: the rest is for what comes after them. */
    private static final double MEMBERS_SHARE = 0.9;

    private static final int LOOK_MILLIS = 50;

    private final Setting setting;
    private final Questions questions;
    private final Budget budget;
    private final List<Seat> seats;
    private final List<Seat> helpers = new ArrayList<>(1);
    private final List<Turn> open = new ArrayList<>();
    private final @Nullable Semaphore places;
    private Deadlines.@Nullable Watch watch;
    private boolean timeUp;

    Session(Setting setting) {
        this.setting = setting;
        var council = setting.council();
        this.questions = new Questions(setting.whole().requireRequest(), setting.prompts());
        this.budget = new Budget(setting.whole(), council.maxCost());
        this.seats = IntStream.range(0, council.members().size())
                .mapToObj(i -> new Seat(i, council.members().get(i)))
                .toList();
        this.places = council.concurrency() < seats.size() ? new Semaphore(council.concurrency(), true) : null;
    }

    /** From now on the deadline runs. */
    Session begin() {
        var usual = usualTime();
        var said = council().deadline();
        var deadline = said == null || said.compareTo(usual) > 0 ? usual : said;
        watch = setting.deadlines().after(deadline, this::timeIsUp);
        return this;
    }

    /** {@code parallel}, {@code sequential}, {@code pipeline} or {@code cascade}. */
    public String mode() {
        return council().mode().text();
    }

    /** How one answer is made of several; empty where nothing is to choose. */
    public String strategy() {
        var strategy = council().strategy();
        return strategy == null ? "" : strategy.text();
    }

    /** What it came to; nothing if it came to nothing. */
    abstract Optional<Verdict> verdict();

    /** Why it came to nothing. */
    abstract ChatError failure();

    /** Ends the session: the request it was for has its answer, good or bad. */
    public final Ask adjourn() {
        var whole = setting.whole();
        if (watch != null) {
            watch.end();
        }
        var reason = whole.cancellation().reason();
        if (reason != null) {
            openTurns().forEach(turn -> turn.letGo(reason));
            closeStreams();
            whole.settle(new Outcome.Failed(Failures.cancelled(reason)));
            return whole;
        }
        verdict()
                .ifPresentOrElse(
                        verdict -> new Delivery(this, verdict).give(),
                        () -> whole.settle(new Outcome.Failed(failure())));
        return whole;
    }

    private void closeStreams() {
        for (var seat : seated()) {
            seat.lastTurn().ifPresent(turn -> {
                if (turn.ask().outcome() instanceof Outcome.Streaming(var stream)) {
                    stream.close();
                }
            });
        }
    }

    Ask whole() {
        return setting.whole();
    }

    Council council() {
        return setting.council();
    }

    Questions questions() {
        return questions;
    }

    Budget budget() {
        return budget;
    }

    /** The name of one of the council's fields, as whoever asked wrote it. */
    String field(String name) {
        return setting.field() + name;
    }

    /** The members, in their order. */
    List<Seat> seats() {
        return seats;
    }

    /** Whoever else was asked: judges, second samples. */
    List<Seat> helpers() {
        return Collections.unmodifiableList(helpers);
    }

    private List<Seat> seated() {
        var all = new ArrayList<>(seats);
        all.addAll(helpers);
        return all;
    }

    Seat seatFor(String model) {
        var seat = new Seat(seats.size() + helpers.size(), new Council.Member(model, BigDecimal.ONE, null));
        helpers.add(seat);
        return seat;
    }

    /** Whether the caller still waits. */
    boolean isWanted() {
        return !setting.whole().cancellation().isCancelled();
    }

    boolean isLive() {
        return setting.whole().request().map(ChatRequest::stream).orElse(false);
    }

    synchronized boolean isTimeUp() {
        return timeUp;
    }

    synchronized List<Seat> answered() {
        return seats.stream().filter(Seat::hasAnswered).toList();
    }

    /** Members whose answers are still waited for. */
    synchronized List<Seat> missing() {
        return open.stream().filter(Turn::isCounted).map(Turn::seat).toList();
    }

    /** A question for someone; a member's is let go when the deadline comes. */
    synchronized Turn turn(Seat seat, ChatRequest request, boolean counted) {
        var turn = new Turn(this, seat, request, counted);
        seat.begin(turn);
        open.add(turn);
        if (counted && timeUp) {
            turn.letGo(Cancellation.Reason.DEADLINE);
        }
        return turn;
    }

    /**
     * A question to someone else, without whose answer the council can still come to one: it is let go early enough for that.
     *
     * @param most how long it may take at most; null: nearly all the time that is left to the request
     */
    Turn help(ChatRequest request, @Nullable Duration most) {
        var usual = usualTime();
        return turn(seatFor(request.model()), request, false)
                .within(most == null || most.compareTo(usual) > 0 ? usual : most, setting.deadlines());
    }

    private Duration usualTime() {
        return Duration.ofNanos((long) (setting.whole().remaining().toNanos() * MEMBERS_SHARE));
    }

    synchronized void ended(Turn turn, Seat.State state) {
        open.remove(turn);
        turn.seat().end(turn, state);
    }

    /** Lets go of every call to a member that still runs: nothing depends on it any more. */
    public Session letOthersGo() {
        openTurns().stream().filter(Turn::isCounted).forEach(turn -> turn.letGo(Cancellation.Reason.NOT_NEEDED));
        return this;
    }

    private void timeIsUp() {
        List<Turn> late;
        synchronized (this) {
            timeUp = true;
            late = open.stream().filter(Turn::isCounted).toList();
        }
        late.forEach(turn -> turn.letGo(Cancellation.Reason.DEADLINE));
    }

    private synchronized List<Turn> openTurns() {
        return List.copyOf(open);
    }

    /** Waits until fewer are asked than may be at once; false if the answer is not wanted any more. */
    boolean awaitPlace(Cancellation wanted) {
        if (places == null) {
            return true;
        }
        try {
            while (!places.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                if (wanted.isCancelled()) {
                    return false;
                }
            }
            return true;
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts threads here", e);
        }
    }

    void leavePlace() {
        if (places != null) {
            places.release();
        }
    }
}

package bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Carries out one plan, on one thread. */
final class LoadRun {

    private static final long GRACE = TimeUnit.SECONDS.toNanos(30);

    private final Plan plan;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(256 * 1024);
    private final Histogram whole = new Histogram(3);
    private final Histogram first = new Histogram(3);
    private final Selector selector;
    private final List<Connection> connections = new ArrayList<>();
    private final Queue<Connection> idle = new ArrayDeque<>();
    private final double nanosBetween;
    private long sent;
    private long taken; // from the idle ones
    private long answered;
    private long answeredInWindow;
    private long right;
    private String firstWrong = "";
    private long start;
    private long windowFrom;
    private long stopAt;

    LoadRun(Plan plan) throws IOException {
        this.plan = plan;
        this.selector = Selector.open();
        this.nanosBetween =
                plan.perSecond() > 0 ? 1e9 / plan.perSecond() : plan.rampMillis() * 1e6 / plan.connections();
    }

    Result run() throws IOException {
        for (var i = 0; i < plan.connections(); i++) {
            connections.add(new Connection(plan, selector));
        }
        idle.addAll(connections);
        start = System.nanoTime();
        stopAt = start + TimeUnit.SECONDS.toNanos(plan.seconds());
        windowFrom = start + Math.min(TimeUnit.MILLISECONDS.toNanos(plan.rampMillis()), (stopAt - start) / 2);
        for (var now = start; !isOver(now); now = System.nanoTime()) {
            askWhatIsDue(now);
            selector.select(this::look, idle.isEmpty() ? 1000 : 1);
        }
        var seconds = (System.nanoTime() - start) / 1e9;
        if (answered < sent) {
            wrong((sent - answered) + " answers never came");
        }
        for (var connection : connections) {
            connection.close();
        }
        selector.close();
        return new Result(
                sent,
                right,
                firstWrong,
                seconds,
                answeredInWindow * 1e9 / (stopAt - windowFrom),
                micros(whole, 50),
                micros(whole, 99),
                micros(first, 50),
                micros(first, 99));
    }

    private boolean isOver(long now) {
        return now >= stopAt && (answered == sent || now >= stopAt + GRACE);
    }

    /** At a fixed rate the time counts from when a request was due, not from when a client was free for it. */
    private void askWhatIsDue(long now) throws IOException {
        for (var due = due(); due <= now && due < stopAt && !idle.isEmpty(); due = due()) {
            taken++;
            ask(idle.remove(), plan.perSecond() > 0 ? due : System.nanoTime());
        }
    }

    private long due() {
        return start + (long) (taken * nanosBetween);
    }

    private void ask(Connection connection, long since) throws IOException {
        connection.ask(plan.firstMark() + sent++, since);
    }

    private void look(SelectionKey key) {
        var connection = (Connection) key.attachment();
        try {
            switch (connection.progress(buffer)) {
                case NOTHING -> {}
                case FIRST_TOKEN -> first.recordValue(System.nanoTime() - connection.askedAt);
                case COMPLETE -> answered(connection);
                case LOST -> lost(connection, "The connection ended before its answer");
            }
        } catch (IOException e) {
            lost(connection, e.toString());
        }
    }

    private void answered(Connection connection) throws IOException {
        var now = System.nanoTime();
        answered++;
        if (now >= windowFrom && now < stopAt) {
            answeredInWindow++;
        }
        whole.recordValue(now - connection.askedAt);
        if (!connection.begun()) {
            first.recordValue(now - connection.askedAt);
        }
        if (connection.reply().isRight(connection.mark, plan.marks())) {
            right++;
        } else {
            wrong(connection.reply().toString());
        }
        if (now >= stopAt) {
            return;
        }
        if (connection.reply().closes()) {
            connection.close();
            connection.connect();
        }
        next(connection);
    }

    private void next(Connection connection) throws IOException {
        if (plan.perSecond() > 0) {
            idle.add(connection);
        } else {
            ask(connection, System.nanoTime());
        }
    }

    private void lost(Connection connection, String why) {
        try {
            connection.close();
            var running = System.nanoTime() < stopAt;
            if (running) {
                connection.connect();
            }
            if (!connection.waiting()) {
                return; // All its answers have come: an idle connection was closed.
            }
            answered++;
            wrong(why);
            if (running) {
                next(connection);
            }
        } catch (IOException e) {
            wrong(e.toString()); // This client is out of the game.
        }
    }

    private void wrong(String what) {
        if (firstWrong.isEmpty()) {
            firstWrong = what;
        }
    }

    private static double micros(Histogram histogram, double percentile) {
        return histogram.getValueAtPercentile(percentile) / 1000.0;
    }
}

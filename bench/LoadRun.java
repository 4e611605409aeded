package bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
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
    private long sent;
    private long answered;
    private long right;
    private String firstWrong = "";
    private long stopAt;

    LoadRun(Plan plan) throws IOException {
        this.plan = plan;
        this.selector = Selector.open();
    }

    Result run() throws IOException {
        for (var i = 0; i < plan.connections(); i++) {
            connections.add(new Connection(plan, selector));
        }
        var start = System.nanoTime();
        stopAt = start + TimeUnit.SECONDS.toNanos(plan.seconds());
        for (var connection : connections) {
            ask(connection);
        }
        while (answered < sent && System.nanoTime() < stopAt + GRACE) {
            selector.select(this::look, 1000);
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
                micros(whole, 50),
                micros(whole, 99),
                micros(first, 50),
                micros(first, 99));
    }

    private void ask(Connection connection) throws IOException {
        connection.ask(plan.firstMark() + sent++);
    }

    private void look(SelectionKey key) {
        var connection = (Connection) key.attachment();
        try {
            switch (connection.progress(buffer)) {
                case NOTHING -> {}
                case FIRST_BYTE -> first.recordValue(System.nanoTime() - connection.sentAt);
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
        whole.recordValue(now - connection.sentAt);
        if (!connection.begun()) {
            first.recordValue(now - connection.sentAt);
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
        ask(connection);
    }

    private void lost(Connection connection, String why) {
        try {
            connection.close();
            if (!connection.waiting()) {
                return; // All its answers have come.
            }
            answered++;
            wrong(why);
            if (System.nanoTime() < stopAt) {
                connection.connect();
                ask(connection);
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

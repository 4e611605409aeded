package dev.caravan.camel;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.caravan.api.ChatReply;
import dev.caravan.door.DoorReply;
import dev.caravan.plan.Deadlines;
import java.time.Duration;
import java.util.Map;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * Says something to a caller who waits long for the first token of a stream, since balancers and clients take silence for
 * the end: after each interval a comment, as server-sent events have them for that. The first one sends the head too, with
 * status 200; until then a failure can have a status of its own. Used by the request's thread and the wheel of deadlines.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html#authoring-notes">the standard's advice</a>
 */
final class KeepAlive {

    private static final String PROPERTY = "caravan.keep-alive";
    private static final byte[] COMMENT = ": keep-alive\n\n".getBytes(UTF_8);

    private final DoorReply reply;
    private final Map<String, String> headers;
    private final Deadlines deadlines;
    private final Duration interval;
    private boolean begun;
    private boolean ended;
    private Deadlines.@Nullable Watch watch;

    private KeepAlive(DoorReply reply, Map<String, String> headers, Deadlines deadlines, Duration interval) {
        this.reply = reply;
        this.headers = headers;
        this.deadlines = deadlines;
        this.interval = interval;
    }

    /** Begins to count the silence on an exchange whose answer is to be a stream. */
    static void begin(Exchange exchange, Deadlines deadlines, Duration interval) {
        var reply = exchange.getProperty(DoorConsumer.REPLY, DoorReply.class);
        var keepAlive = new KeepAlive(reply, ChatReply.STREAM, deadlines, interval);
        exchange.setProperty(PROPERTY, keepAlive);
        keepAlive.rest();
    }

    /**
     * Nothing more is said: the answer is there. May be called again.
     *
     * @return whether the head of the answer, with status 200 and as a stream, is sent already
     */
    static boolean end(Exchange exchange) {
        var keepAlive = exchange.getProperty(PROPERTY, KeepAlive.class);
        return keepAlive != null && keepAlive.end();
    }

    private synchronized void rest() {
        watch = deadlines.after(interval, this::speak);
    }

    private synchronized void speak() {
        if (ended) {
            return;
        }
        if (!begun) {
            begun = true;
            reply.begin(200, headers);
        }
        if (reply.offer(COMMENT)) {
            rest();
        }
    }

    private synchronized boolean end() {
        ended = true;
        if (watch != null) {
            watch.end();
        }
        return begun;
    }
}

package dev.caravan.cooperation;

import dev.caravan.chat.Cancellation;
import dev.caravan.chat.ChatStream;
import dev.caravan.chat.Outcome;
import dev.caravan.chat.StreamEvent;
import dev.caravan.plan.Ask;
import dev.caravan.plan.Failures;
import java.util.Iterator;
import java.util.List;

/** A stream of what is there already. */
final class ToldStream implements ChatStream {

    private final Ask whole;
    private final Iterator<StreamEvent> events;
    private volatile boolean ended;

    /** @param events end with {@code Done} */
    ToldStream(Ask whole, List<StreamEvent> events) {
        this.whole = whole;
        this.events = events.iterator();
    }

    @Override
    public StreamEvent next() {
        if (ended || !events.hasNext()) {
            return new StreamEvent.Done();
        }
        var event = events.next();
        ended = event instanceof StreamEvent.Done;
        return event;
    }

    @Override
    public void close() {
        if (!ended) {
            ended = true;
            letGo(whole);
        }
    }

    /** The caller has left before the end. */
    static void letGo(Ask whole) {
        var reason = whole.cancellation().reason();
        whole.settle(new Outcome.Failed(Failures.cancelled(reason == null ? Cancellation.Reason.CLIENT_GONE : reason)));
    }
}

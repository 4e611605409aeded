package dev.caravan.plan;

import dev.caravan.access.Identity;
import dev.caravan.catalog.Catalog;
import dev.caravan.chat.Cancellation;
import dev.caravan.provider.openai.ChatRequestReader;
import java.time.Duration;

/** Reads what came in, and says how long it may take. Thread-safe. */
public final class Admission {

    private final Duration timeLimit;
    private final Deadlines deadlines;

    /** @param timeLimit bound on a request that sets none itself */
    public Admission(Duration timeLimit, Deadlines deadlines) {
        this.timeLimit = timeLimit;
        this.deadlines = deadlines;
    }

    /** Admits a chat request, or refuses a body that is none. */
    public Ask admit(Ask.Arrival arrival, Catalog catalog, Identity identity, byte[] body) {
        return admit(arrival, catalog, identity, ChatRequestReader.read(body));
    }

    /** The same, for a door that has read the body by itself. */
    public Ask admit(Ask.Arrival arrival, Catalog catalog, Identity identity, ChatRequestReader.Reading reading) {
        return switch (reading) {
            case ChatRequestReader.Invalid(var error) -> Ask.refused(arrival, catalog, identity, error);
            case ChatRequestReader.Valid(var request) -> {
                var asked = request.extensions().timeout();
                var ask = Ask.admitted(arrival, catalog, identity, request, asked == null ? timeLimit : asked);
                limit(ask);
                yield ask;
            }
        };
    }

    /** The same, for a door that cannot stream: whether a stream is asked for is passed over there. */
    public Ask admitUnstreamed(Ask.Arrival arrival, Catalog catalog, Identity identity, byte[] body) {
        if (ChatRequestReader.read(body) instanceof ChatRequestReader.Valid(var request) && request.stream()) {
            var whole = request.source().edit().remove("stream").remove("stream_options");
            return admit(arrival, catalog, identity, whole.toBytes());
        }
        return admit(arrival, catalog, identity, body);
    }

    private void limit(Ask ask) {
        var watch = deadlines.after(ask.remaining(), () -> ask.cancellation().cancel(Cancellation.Reason.DEADLINE));
        ask.atEnd(watch::end);
    }
}

package dev.caravan.plan;

import dev.caravan.access.Identity;
import dev.caravan.catalog.Catalog;
import dev.caravan.chat.Cancellation;
import dev.caravan.chat.ChatError;
import dev.caravan.chat.Operation;
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

    /** Admits a request for what its endpoint takes, a chat if it is no other; or refuses a body that is none. */
    public Ask admit(Ask.Arrival arrival, Catalog catalog, Identity identity, byte[] body) {
        return admit(arrival, catalog, identity, body, timeLimit);
    }

    /** The same under another bound. */
    public Ask admit(Ask.Arrival arrival, Catalog catalog, Identity identity, byte[] body, Duration timeLimit) {
        return admit(arrival, catalog, identity, ChatRequestReader.read(operation(arrival), body), timeLimit);
    }

    /** The same, for a door that has read the body by itself. */
    public Ask admit(Ask.Arrival arrival, Catalog catalog, Identity identity, ChatRequestReader.Reading reading) {
        return admit(arrival, catalog, identity, reading, timeLimit);
    }

    private Ask admit(
            Ask.Arrival arrival,
            Catalog catalog,
            Identity identity,
            ChatRequestReader.Reading reading,
            Duration timeLimit) {
        return switch (reading) {
            case ChatRequestReader.Invalid(var error) -> Ask.refused(arrival, catalog, identity, error);
            case ChatRequestReader.Valid(var request)
            when request.operation() == Operation.EMBEDDING && request.stream() ->
                Ask.refused(
                        arrival,
                        catalog,
                        identity,
                        ChatError.invalid("stream", "Embeddings are not streamed: leave 'stream' out."));
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
        if (ChatRequestReader.read(operation(arrival), body) instanceof ChatRequestReader.Valid(var request)
                && request.stream()) {
            var whole = request.source().edit().remove("stream").remove("stream_options");
            return admit(arrival, catalog, identity, whole.toBytes());
        }
        return admit(arrival, catalog, identity, body);
    }

    private static Operation operation(Ask.Arrival arrival) {
        return Operation.at(arrival.endpoint()).orElse(Operation.CHAT);
    }

    private void limit(Ask ask) {
        var watch = deadlines.after(ask.remaining(), () -> ask.cancellation().cancel(Cancellation.Reason.DEADLINE));
        ask.atEnd(watch::end);
    }
}

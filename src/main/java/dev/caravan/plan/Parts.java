package dev.caravan.plan;

import dev.caravan.chat.Cancellation;
import dev.caravan.chat.ChatError;
import dev.caravan.chat.ChatRequest;
import dev.caravan.chat.ChatResponse;
import dev.caravan.chat.ChatStream;
import dev.caravan.chat.Outcome;
import dev.caravan.provider.openai.ChatRequestReader;
import dev.caravan.provider.openai.SeveralAnswers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A request for several answers ({@code n}), as that many requests for one, all to the provider that is asked now. Either
 * all of them answer, or the provider has failed. Used by one thread at a time.
 */
public final class Parts {

    private final Ask whole;
    private final List<Ask> asks;

    /** Takes apart a request that asks for several answers. */
    public Parts(Ask whole) {
        this.whole = whole;
        var single = new SharedWording(single(whole.requireRequest()));
        asks = new ArrayList<>();
        for (var left = wanted(whole.requireRequest()); left > 0; left--) {
            asks.add(whole.part(single));
        }
    }

    /** How many answers a request asks for. */
    public static int wanted(ChatRequest request) {
        return request.source()
                .value("n")
                .filter(n -> !n.equals("null"))
                .map(Integer::parseInt)
                .orElse(1);
    }

    /** The requests for one answer each. */
    public List<Ask> asks() {
        return Collections.unmodifiableList(asks);
    }

    /** What came of all of them is what came of the request. */
    public Ask join() {
        List<ChatResponse> answers = new ArrayList<>();
        List<ChatStream> streams = new ArrayList<>();
        ChatError failure = null;
        for (var ask : asks) {
            switch (ask.outcome()) {
                case Outcome.Answered(var answer) -> answers.add(answer);
                case Outcome.Streaming(var stream) -> streams.add(stream);
                case Outcome.Failed(var error) -> failure = failure == null ? error : failure;
            }
        }
        if (failure != null) {
            streams.forEach(ChatStream::close);
            fail(failure);
        } else {
            whole.answeredWithout(asks.getFirst().dropped());
            whole.settle(streams.isEmpty() ? answered(answers) : streaming(streams));
        }
        return whole;
    }

    private void fail(ChatError failure) {
        Cancellation.Reason reason = whole.cancellation().reason();
        if (reason == null) {
            whole.fail(failure);
        } else {
            whole.settle(new Outcome.Failed(Failures.cancelled(reason)));
        }
    }

    private static Outcome answered(List<ChatResponse> answers) {
        return new Outcome.Answered(SeveralAnswers.join(answers));
    }

    private Outcome streaming(List<ChatStream> streams) {
        whole.firstToken();
        return new Outcome.Streaming(new InterleavedStream(streams, error -> whole.settle(new Outcome.Failed(error))));
    }

    private static ChatRequest single(ChatRequest request) {
        var json = request.source().edit().remove("n").toBytes();
        return switch (ChatRequestReader.read(json)) {
            case ChatRequestReader.Valid(var single) -> single;
            case ChatRequestReader.Invalid(var error) -> throw new IllegalStateException(error.message());
        };
    }
}

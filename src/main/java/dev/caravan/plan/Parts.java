package dev.caravan.plan;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.caravan.chat.Cancellation;
import dev.caravan.chat.ChatError;
import dev.caravan.chat.ChatRequest;
import dev.caravan.chat.ChatResponse;
import dev.caravan.chat.ChatStream;
import dev.caravan.chat.Operation;
import dev.caravan.chat.Outcome;
import dev.caravan.provider.openai.ChatRequestReader;
import dev.caravan.provider.openai.EmbeddingCodec;
import dev.caravan.provider.openai.Questions;
import dev.caravan.provider.openai.SeveralAnswers;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A request for more than a provider gives with one call, as several requests, all to the provider that is asked now.
 * Either all of them are answered, or the provider has failed. Used by one thread at a time.
 */
public final class Parts {

    private final Ask whole;
    private final List<Ask> asks;
    private final int choicesEach;

    /** Takes apart a request that asks for several answers ({@code n}) into as many requests for one. */
    public Parts(Ask whole) {
        this(whole, times(whole, wanted(whole.requireRequest()), single(whole.requireRequest())), 1);
    }

    private Parts(Ask whole, List<Ask> asks, int choicesEach) {
        this.whole = whole;
        this.asks = asks;
        this.choicesEach = choicesEach;
    }

    /**
     * Takes apart a request for a completion: each prompt is a request of its own.
     *
     * @param answersMany whether one request can ask for several answers; else there is one for each
     */
    public static Parts prompts(Ask whole, boolean answersMany) {
        var request = whole.requireRequest();
        var wanted = wanted(request);
        var asks = new ArrayList<Ask>();
        for (var prompt : Questions.of(request)) {
            var one = with(request, prompt);
            asks.addAll(answersMany ? times(whole, 1, one) : times(whole, wanted, single(one)));
        }
        return new Parts(whole, asks, answersMany ? wanted : 1);
    }

    /**
     * Takes apart a request for vectors.
     *
     * @param most how many texts one request may hold
     */
    public static Parts batches(Ask whole, int most) {
        var request = whole.requireRequest();
        var texts = Questions.of(request);
        var asks = new ArrayList<Ask>();
        for (var from = 0; from < texts.size(); from += most) {
            var batch = list(texts.subList(from, Math.min(texts.size(), from + most)));
            asks.addAll(times(whole, 1, with(request, batch)));
        }
        return new Parts(whole, asks, 1);
    }

    /** How many answers a request asks for. */
    public static int wanted(ChatRequest request) {
        return request.source()
                .value("n")
                .filter(n -> !n.equals("null"))
                .map(Integer::parseInt)
                .orElse(1);
    }

    /** The requests that each are asked with one call. */
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

    private Outcome answered(List<ChatResponse> answers) {
        return new Outcome.Answered(
                whole.operation() == Operation.EMBEDDING ? EmbeddingCodec.join(answers) : SeveralAnswers.join(answers));
    }

    private Outcome streaming(List<ChatStream> streams) {
        whole.firstToken();
        return new Outcome.Streaming(new InterleavedStream(
                streams, choicesEach, whole.cancellation(), error -> whole.settle(new Outcome.Failed(error))));
    }

    /** The same request several times, whose calls hold one body between them. */
    private static List<Ask> times(Ask whole, int count, ChatRequest request) {
        var shared = new SharedWording(request);
        var asks = new ArrayList<Ask>();
        for (var left = count; left > 0; left--) {
            asks.add(whole.part(shared));
        }
        return asks;
    }

    private static ChatRequest single(ChatRequest request) {
        return read(request, request.source().edit().remove("n").toBytes());
    }

    private static ChatRequest with(ChatRequest request, byte[] question) {
        return read(
                request,
                request.source()
                        .edit()
                        .set(request.operation().question(), question)
                        .toBytes());
    }

    private static ChatRequest read(ChatRequest request, byte[] json) {
        return switch (ChatRequestReader.read(request.operation(), json)) {
            case ChatRequestReader.Valid(var part) -> part;
            case ChatRequestReader.Invalid(var error) -> throw new IllegalStateException(error.message());
        };
    }

    private static byte[] list(List<byte[]> texts) {
        var list = new ByteArrayOutputStream();
        for (var text : texts) {
            list.writeBytes((list.size() == 0 ? "[" : ",").getBytes(UTF_8));
            list.writeBytes(text);
        }
        list.write(']');
        return list.toByteArray();
    }
}

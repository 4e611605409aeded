package dev.caravan.provider.openai;

import dev.caravan.chat.ChatRequest;
import dev.caravan.chat.ChatResponse;
import dev.caravan.chat.Outcome;
import dev.caravan.chat.Usage;
import dev.caravan.provider.ProviderCodec;
import dev.caravan.provider.ProviderErrors;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Asks for vectors in some dialect, and puts the answer into OpenAI's form. Where that is the dialect's own form and the
 * vectors have the wanted format, the answer stays as it came.
 */
public abstract class EmbeddingCodec implements ProviderCodec {

    private static final int CHARACTERS_A_TOKEN = 4;

    private final VectorPlace place;

    protected EmbeddingCodec(VectorPlace place) {
        this.place = place;
    }

    @Override
    public abstract int questionsAtOnce(String upstreamModel);

    @Override
    public final @Nullable String fixedPath() {
        return null;
    }

    /** There is one vector to a text. */
    @Override
    public final boolean answersMany() {
        return true;
    }

    @Override
    public final Outcome decode(ChatRequest request, byte[] body, @Nullable String apiKey) {
        try {
            var read = VectorAnswer.read(body, place);
            var texts = Questions.count(request);
            if (read.vectors().size() != texts) {
                throw new Json.NotAnObject("it holds " + read.vectors().size() + " vectors for " + texts + " texts");
            }
            return new Outcome.Answered(answer(request, body, read));
        } catch (IOException e) {
            var why = ProviderErrors.told(body, apiKey)
                    .orElse(e instanceof Json.NotAnObject ? e.getMessage() + "." : "it is not valid JSON.");
            return new Outcome.Failed(
                    ProviderErrors.undecodable("The provider's answer is no list of embeddings: " + why));
        }
    }

    @Override
    public final EventReader events(ChatRequest request, InputStream body, @Nullable String apiKey) {
        throw new IllegalStateException("vectors are not streamed");
    }

    /** One answer with the vectors of all, in their order; what each of them used is added up. */
    public static ChatResponse join(List<ChatResponse> answers) {
        try {
            var bodies =
                    answers.stream().map(answer -> answer.source().toBytes()).toList();
            VectorList list = null;
            var tokens = 0L;
            for (var body : bodies) {
                var read = VectorAnswer.read(body, VectorPlace.OPENAI);
                if (list == null) {
                    var encoded = read.vectors().getFirst().encoded();
                    list = new VectorList(
                            encoded,
                            bodies.stream().mapToInt(each -> each.length).sum());
                }
                for (var vector : read.vectors()) {
                    list.add(body, vector);
                }
                tokens += Objects.requireNonNullElse(read.tokens(), 0L);
            }
            var first = answers.getFirst();
            return new ChatResponse(
                    "",
                    0,
                    first.model(),
                    List.of(),
                    SeveralAnswers.sum(answers.stream().map(ChatResponse::usage).toList())
                            .orElse(null),
                    Objects.requireNonNull(list, "no answers").end(first.model(), tokens));
        } catch (IOException e) {
            throw new IllegalStateException("what was written before can be read again", e);
        }
    }

    private ChatResponse answer(ChatRequest request, byte[] body, VectorAnswer.Read read) throws IOException {
        var encoded = request.source().value("encoding_format").orElse("").equals("\"base64\"");
        var model = read.model().isEmpty() ? request.model() : read.model();
        var tokens = read.tokens();
        var usage = tokens == null ? null : new Usage(tokens, 0);
        var asItCame = place.equals(VectorPlace.OPENAI)
                && read.inOrder()
                && tokens != null
                && read.vectors().stream().allMatch(vector -> vector.encoded() == encoded);
        if (asItCame) {
            return new ChatResponse("", 0, model, List.of(), usage, read.source());
        }
        var list = new VectorList(encoded, body.length + body.length / 4);
        for (var vector : read.vectors()) {
            list.add(body, vector);
        }
        return new ChatResponse(
                "", 0, model, List.of(), usage, list.end(model, tokens == null ? estimate(request) : tokens));
    }

    /** What is shown where the provider does not say; in the usage event it counts as an estimate. */
    private static long estimate(ChatRequest request) {
        var texts = request.source().value(request.operation().question()).orElse("");
        return Math.ceilDiv(texts.length(), CHARACTERS_A_TOKEN);
    }
}

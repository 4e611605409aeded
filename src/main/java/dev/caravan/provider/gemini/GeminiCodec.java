package dev.caravan.provider.gemini;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.caravan.chat.ChatError;
import dev.caravan.chat.ChatRequest;
import dev.caravan.chat.Outcome;
import dev.caravan.provider.EncodedCall;
import dev.caravan.provider.HttpAnswer;
import dev.caravan.provider.HttpCall;
import dev.caravan.provider.ProviderCodec;
import dev.caravan.provider.ProviderErrors;
import dev.caravan.provider.openai.Asked;
import dev.caravan.provider.openai.OpenAiForm;
import java.io.InputStream;
import java.net.URLEncoder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Speaks the Gemini API: {@code generateContent}, and {@code streamGenerateContent} as server-sent events.
 *
 * @see <a href="https://ai.google.dev/api/generate-content">the API</a>
 */
public final class GeminiCodec implements ProviderCodec {

    static final String API = "Gemini's API";

    /** Fields of this dialect that a caller may use by their names. */
    private static final List<String> OWN = List.of("safetySettings", "cachedContent", "labels");

    @Override
    public EncodedCall encode(ChatRequest request, String upstreamModel, @Nullable String apiKey) {
        var asked = new Asked(request, API);
        var model = GeminiModel.of(upstreamModel);
        var body = OpenAiForm.object();
        new Contents(asked, model.levels()).writeTo(body);
        new Tools(asked).writeTo(body);
        new GenerationConfig(asked, request, model).writeTo(body);
        for (var field : OWN) {
            var value = asked.take(field);
            if (!value.isMissingNode()) {
                body.set(field, value);
            }
        }
        return new EncodedCall(
                new HttpCall(
                        path(upstreamModel, request.stream() ? ":streamGenerateContent?alt=sse" : ":generateContent"),
                        apiKey == null ? Map.of() : Map.of("x-goog-api-key", apiKey),
                        OpenAiForm.bytes(body)),
                asked.leftOut());
    }

    /** The model stands in it. */
    @Override
    public @Nullable String fixedPath() {
        return null;
    }

    @Override
    public boolean answersMany() {
        return true;
    }

    @Override
    public Outcome decode(ChatRequest request, byte[] body, @Nullable String apiKey) {
        var answer = OpenAiForm.tree(body);
        if (answer == null) {
            return undecodable(ProviderErrors.told(body, apiKey).orElse("it is no JSON object."));
        }
        var failure = StreamSupport.stream(answer.path("candidates").spliterator(), false)
                .map(Candidates::failure)
                .filter(Objects::nonNull)
                .findFirst();
        if (failure.isPresent()) {
            return undecodable(failure.get());
        }
        var completion = AnswerReader.completion(answer);
        if (answer.has("error") || completion.path("choices").isEmpty()) {
            return undecodable(ProviderErrors.told(body, apiKey).orElse("it has no candidates."));
        }
        return new Outcome.Answered(OpenAiForm.response(completion));
    }

    @Override
    public EventReader events(ChatRequest request, InputStream body, @Nullable String apiKey) {
        var candidates = GenerationConfig.candidates(OpenAiForm.tree(request).path("n"));
        return new GeminiEvents(body, candidates, apiKey);
    }

    @Override
    public ChatError error(String provider, HttpAnswer answer, @Nullable String apiKey) {
        return GeminiErrors.of(provider, answer, apiKey);
    }

    private static Outcome undecodable(String why) {
        return new Outcome.Failed(ProviderErrors.undecodable("The provider's answer is no content: " + why));
    }

    /** A name without a collection is one of {@code models}. */
    static String path(String model, String method) {
        var name = Arrays.stream((model.contains("/") ? model : "models/" + model).split("/"))
                .map(segment -> URLEncoder.encode(segment, UTF_8).replace("+", "%20"))
                .collect(Collectors.joining("/"));
        return "/v1beta/" + name + method;
    }
}

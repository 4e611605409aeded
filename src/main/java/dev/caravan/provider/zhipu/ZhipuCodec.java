package dev.caravan.provider.zhipu;

import dev.caravan.chat.ChatError;
import dev.caravan.chat.ChatRequest;
import dev.caravan.chat.Outcome;
import dev.caravan.provider.EncodedCall;
import dev.caravan.provider.HttpAnswer;
import dev.caravan.provider.ProviderCodec;
import dev.caravan.provider.ProviderErrors;
import dev.caravan.provider.openai.OpenAiCodec;
import java.io.InputStream;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Speaks OpenAI's dialect as Zhipu does: with a token made from the key, without a few fields, and with words of its own
 * for why a model stopped and what went wrong. Keeps nothing but the tokens.
 *
 * @see <a href="https://docs.bigmodel.cn/api-reference/模型-api/对话补全">the fields</a>
 */
public final class ZhipuCodec implements ProviderCodec {

    private final OpenAiCodec openAi = new OpenAiCodec();
    private final ZhipuTokens tokens;

    /** @param clock tells when a token ends */
    public ZhipuCodec(InstantSource clock) {
        tokens = new ZhipuTokens(clock);
    }

    /** Asks Zhipu for vectors, with the same tokens. */
    public ProviderCodec embeddings() {
        return new ZhipuEmbeddings(this);
    }

    @Override
    public EncodedCall encode(ChatRequest request, String upstreamModel, @Nullable String apiKey) {
        var said = new ZhipuRequest(request);
        var call = openAi.encode(said.changed(), upstreamModel, token(apiKey)).call();
        return new EncodedCall(call, said.unsupported());
    }

    @Override
    public @Nullable String fixedPath() {
        return openAi.fixedPath();
    }

    @Override
    public boolean answersMany() {
        return false;
    }

    @Override
    public Outcome decode(ChatRequest request, byte[] body, @Nullable String apiKey) {
        var outcome = openAi.decode(request, body, token(apiKey));
        if (!(outcome instanceof Outcome.Answered(var response))) {
            return outcome;
        }
        return FinishReasons.brokeOff(response.choices())
                ? new Outcome.Failed(FinishReasons.networkError())
                : new Outcome.Answered(FinishReasons.inOpenAisWords(response));
    }

    @Override
    public EventReader events(ChatRequest request, InputStream body, @Nullable String apiKey) {
        return new ZhipuEvents(openAi.events(request, body, token(apiKey)));
    }

    /** The code in the body says more than the status: an unpaid account is a 429, an unknown model a 400. */
    @Override
    public ChatError error(String provider, HttpAnswer answer, @Nullable String apiKey) {
        var code = ZhipuCode.of(answer.body());
        return switch (code.meaning()) {
            case ACCOUNT -> ProviderErrors.account(provider, code.text());
            case FILTERED -> ProviderErrors.filtered(answer.body(), token(apiKey));
            case KEY -> as(401, provider, answer, apiKey);
            case NO_MODEL -> as(404, provider, answer, apiKey);
            case TOO_MANY -> as(429, provider, answer, apiKey);
            case AS_THE_STATUS -> as(answer.status(), provider, answer, apiKey);
        };
    }

    private ChatError as(int status, String provider, HttpAnswer answer, @Nullable String apiKey) {
        return ProviderErrors.of(provider, new HttpAnswer(status, answer.headers(), answer.body()), token(apiKey));
    }

    /** Zhipu sees the token only, so that is what its messages could repeat. */
    @Nullable
    String token(@Nullable String apiKey) {
        return apiKey == null ? null : tokens.of(apiKey);
    }
}

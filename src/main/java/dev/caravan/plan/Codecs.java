package dev.caravan.plan;

import dev.caravan.catalog.ProviderSpec;
import dev.caravan.catalog.ProviderType;
import dev.caravan.chat.Operation;
import dev.caravan.provider.ProviderCodec;
import dev.caravan.provider.anthropic.AnthropicCodec;
import dev.caravan.provider.dashscope.DashScopeCodec;
import dev.caravan.provider.dashscope.DashScopeEmbeddings;
import dev.caravan.provider.gemini.GeminiCodec;
import dev.caravan.provider.gemini.GeminiEmbeddings;
import dev.caravan.provider.ollama.OllamaCodec;
import dev.caravan.provider.ollama.OllamaEmbeddings;
import dev.caravan.provider.openai.CompletionAsChat;
import dev.caravan.provider.openai.NoEmbeddings;
import dev.caravan.provider.openai.OpenAiCodec;
import dev.caravan.provider.openai.OpenAiEmbeddings;
import dev.caravan.provider.zhipu.ZhipuCodec;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** Which codec speaks a type's dialect, and which asks for something else than a chat there. Immutable. */
public final class Codecs {

    private final ProviderCodec openAi = new OpenAiCodec();
    private final ProviderCodec anthropic = new AnthropicCodec();
    private final ProviderCodec gemini = new GeminiCodec();
    private final ZhipuCodec zhipu = new ZhipuCodec(InstantSource.system());
    private final ProviderCodec dashScope = new DashScopeCodec();
    private final ProviderCodec ollama = new OllamaCodec();
    private final ProviderCodec completions = OpenAiCodec.completions();
    private final Map<ProviderType, ProviderCodec> completionsAsChats = new EnumMap<>(ProviderType.class);
    private final Map<ProviderType, ProviderCodec> embeddings = new EnumMap<>(ProviderType.class);

    public Codecs() {
        for (var type : ProviderType.values()) {
            completionsAsChats.put(type, new CompletionAsChat(of(type)));
            embeddings.put(type, vectors(type));
        }
    }

    /** The codec by which a provider is asked for this. */
    public ProviderCodec of(ProviderSpec provider, Operation operation) {
        return switch (operation) {
            case CHAT -> of(provider.type());
            case COMPLETION ->
                hasCompletions(provider)
                        ? completions
                        : Objects.requireNonNull(completionsAsChats.get(provider.type()));
            case EMBEDDING -> Objects.requireNonNull(embeddings.get(provider.type()));
        };
    }

    /** DeepSeek has them under another base url than the rest. */
    private static boolean hasCompletions(ProviderSpec provider) {
        return switch (provider.type()) {
            case OPENAI, OPENROUTER, VLLM, LLAMACPP, OPENAI_COMPATIBLE -> true;
            case DEEPSEEK -> provider.baseUrl().endsWith("/beta");
            case ANTHROPIC, GEMINI, ZHIPU, ALIYUN, OLLAMA -> false;
        };
    }

    private ProviderCodec vectors(ProviderType type) {
        return switch (type) {
            case OPENAI, OPENROUTER, VLLM, LLAMACPP, OPENAI_COMPATIBLE -> new OpenAiEmbeddings();
            case GEMINI -> new GeminiEmbeddings();
            case ZHIPU -> zhipu.embeddings();
            case ALIYUN -> new DashScopeEmbeddings();
            case OLLAMA -> new OllamaEmbeddings();
            case ANTHROPIC -> new NoEmbeddings("Anthropic's API");
            case DEEPSEEK -> new NoEmbeddings("DeepSeek's API");
        };
    }

    /** The codec by which a provider of this type chats. */
    public ProviderCodec of(ProviderType type) {
        return switch (type) {
            case OPENAI, OPENROUTER, DEEPSEEK, VLLM, LLAMACPP, OPENAI_COMPATIBLE -> openAi;
            case ANTHROPIC -> anthropic;
            case GEMINI -> gemini;
            case ZHIPU -> zhipu;
            case ALIYUN -> dashScope;
            case OLLAMA -> ollama;
        };
    }
}

package dev.caravan.plan;

import dev.caravan.catalog.ProviderType;
import dev.caravan.provider.ProviderCodec;
import dev.caravan.provider.anthropic.AnthropicCodec;
import dev.caravan.provider.dashscope.DashScopeCodec;
import dev.caravan.provider.gemini.GeminiCodec;
import dev.caravan.provider.ollama.OllamaCodec;
import dev.caravan.provider.openai.OpenAiCodec;
import dev.caravan.provider.zhipu.ZhipuCodec;
import java.time.InstantSource;

/** Which codec speaks a type's dialect. Immutable. */
public final class Codecs {

    private final ProviderCodec openAi = new OpenAiCodec();
    private final ProviderCodec anthropic = new AnthropicCodec();
    private final ProviderCodec gemini = new GeminiCodec();
    private final ProviderCodec zhipu = new ZhipuCodec(InstantSource.system());
    private final ProviderCodec dashScope = new DashScopeCodec();
    private final ProviderCodec ollama = new OllamaCodec();

    /** The codec of a provider of this type. */
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

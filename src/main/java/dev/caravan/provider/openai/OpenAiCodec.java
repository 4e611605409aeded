package dev.caravan.provider.openai;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.caravan.chat.ChatError;
import dev.caravan.chat.ChatRequest;
import dev.caravan.chat.Extensions;
import dev.caravan.chat.Outcome;
import dev.caravan.provider.EncodedCall;
import dev.caravan.provider.HttpAnswer;
import dev.caravan.provider.HttpCall;
import dev.caravan.provider.ProviderCodec;
import dev.caravan.provider.ProviderErrors;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Speaks OpenAI's chat completions, or its older completions, as OpenAI and its kin do. Fields that it does not know reach the provider as they
 * came, and the caller as the provider gave them.
 */
public final class OpenAiCodec implements ProviderCodec {

    private static final String CHAT = "/chat/completions";
    private static final String COMPLETIONS = "/completions";

    private static final byte[] WITH_USAGE = "{\"include_usage\":true}".getBytes(UTF_8);

    private final boolean between;
    private final String path;

    /** For a broker between a caller and a provider: it keeps the extensions, and asks what a stream has used. */
    public OpenAiCodec() {
        this(true, CHAT);
    }

    private OpenAiCodec(boolean between, String path) {
        this.between = between;
        this.path = path;
    }

    /** The same for the older completions, which have prompts instead of messages. */
    public static OpenAiCodec completions() {
        return new OpenAiCodec(true, COMPLETIONS);
    }

    /** For a caller, whose request goes out as it is, be it to a broker or to a provider. */
    public static OpenAiCodec forCaller() {
        return new OpenAiCodec(false, CHAT);
    }

    /** The message of an error body; nothing where the body is none. */
    public static Optional<String> message(byte[] body) {
        return ProviderErrors.told(body, null);
    }

    @Override
    public EncodedCall encode(ChatRequest request, String upstreamModel, @Nullable String apiKey) {
        var body = request.source().edit().set("model", Json.quote(upstreamModel));
        if (between) {
            Extensions.NAMES.forEach(body::remove);
            if (request.stream() && !request.includeUsage()) {
                body.set("stream_options", withUsage(request));
            }
        }
        return new EncodedCall(new HttpCall(
                path, apiKey == null ? Map.of() : Map.of("Authorization", "Bearer " + apiKey), body.toBytes()));
    }

    @Override
    public String fixedPath() {
        return path;
    }

    @Override
    public boolean answersMany() {
        return true;
    }

    @Override
    public int questionsAtOnce(String upstreamModel) {
        return Integer.MAX_VALUE;
    }

    @Override
    public Outcome decode(ChatRequest request, byte[] body, @Nullable String apiKey) {
        try {
            return new Outcome.Answered(CompletionReader.response(body));
        } catch (IOException e) {
            var why = ProviderErrors.told(body, apiKey).orElseGet(() -> why(e));
            return new Outcome.Failed(
                    ProviderErrors.undecodable("The provider's answer is no chat completion: " + why));
        }
    }

    @Override
    public EventReader events(ChatRequest request, InputStream body, @Nullable String apiKey) {
        return new OpenAiEvents(body, apiKey);
    }

    @Override
    public ChatError error(String provider, HttpAnswer answer, @Nullable String apiKey) {
        return ProviderErrors.of(provider, answer, apiKey);
    }

    /** Jackson's messages quote the text they stumbled over: its first line says enough. */
    private static String why(IOException e) {
        return e instanceof Json.NotAnObject ? e.getMessage() + "." : "it is not valid JSON.";
    }

    /** The caller's own options, with usage asked for: what a stream cost is always wanted. */
    private static byte[] withUsage(ChatRequest request) {
        var options = request.source().value("stream_options").orElse("null");
        if (options.equals("null")) {
            return WITH_USAGE;
        }
        try {
            return Json.walk(options.getBytes(UTF_8), (name, parser) -> parser.skipChildren())
                    .edit()
                    .set("include_usage", "true")
                    .toBytes();
        } catch (IOException e) {
            return WITH_USAGE;
        }
    }
}

package dev.caravan.provider.zhipu;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.caravan.provider.openai.OpenAiForm;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The tokens that stand for keys of the form {@code id.secret}: the secret signs and never leaves the broker. Each is used
 * until shortly before it ends. Thread-safe.
 *
 * <p>A JWT of three fixed parts is signed with the JDK's own HMAC: the libraries for JWTs refuse HS256 with secrets under
 * 32 bytes, and Zhipu's have 16.
 *
 * @see <a href="https://docs.bigmodel.cn/cn/guide/develop/http/introduction">how they are made</a>
 */
final class ZhipuTokens {

    /** How long a token is good for. */
    static final Duration LIFE = Duration.ofMinutes(30);

    /** How long before its end it is used no more: time for clocks that differ and requests that are slow. */
    static final Duration SPARE = Duration.ofMinutes(2);

    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    /** A token, and until when it is used. */
    private record Token(String text, Instant until) {}

    private final InstantSource clock;
    private final Map<String, Token> tokens = new ConcurrentHashMap<>();

    ZhipuTokens(InstantSource clock) {
        this.clock = clock;
    }

    /** What goes into the header for a key: a token, or the key itself where it is not of the form {@code id.secret}. */
    String of(String apiKey) {
        var dot = apiKey.indexOf('.');
        if (dot <= 0 || dot != apiKey.lastIndexOf('.') || dot == apiKey.length() - 1) {
            return apiKey;
        }
        var now = clock.instant();
        var known = tokens.get(apiKey);
        if (known != null && now.isBefore(known.until())) {
            return known.text();
        }
        tokens.values().removeIf(token -> !now.isBefore(token.until())); // also those of keys that are no more
        return tokens.computeIfAbsent(apiKey, key -> {
                    var text = signed(key.substring(0, dot), key.substring(dot + 1), now);
                    return new Token(text, now.plus(LIFE).minus(SPARE));
                })
                .text();
    }

    private static String signed(String id, String secret, Instant now) {
        var header = OpenAiForm.object().put("alg", "HS256").put("sign_type", "SIGN");
        var payload = OpenAiForm.object()
                .put("api_key", id)
                .put("exp", now.plus(LIFE).toEpochMilli())
                .put("timestamp", now.toEpochMilli());
        var said = BASE64.encodeToString(OpenAiForm.bytes(header)) + "."
                + BASE64.encodeToString(OpenAiForm.bytes(payload));
        return said + "." + BASE64.encodeToString(hmac(secret, said));
    }

    private static byte[] hmac(String secret, String said) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
            return mac.doFinal(said.getBytes(UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }
}

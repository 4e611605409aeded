package dev.caravan.provider.zhipu;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.provider.HttpAnswer;
import dev.caravan.provider.Requests;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ZhipuTokensTest {

    private static final Instant START = Instant.ofEpochMilli(1_762_074_942_123L);
    private static final String KEY = "0123abcd.s3cr3tS3cr3tS3cr";

    private Instant now = START;
    private final ZhipuTokens tokens = new ZhipuTokens(() -> now);

    @Test
    @DisplayName("D10 The token says the id and when it ends, and the secret has signed it")
    void made() throws Exception {
        var parts = tokens.of(KEY).split("\\.");
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec("s3cr3tS3cr3tS3cr".getBytes(UTF_8), "HmacSHA256"));

        assertThat(json(parts[0])).isEqualTo(new ObjectMapper().readTree("{\"alg\":\"HS256\",\"sign_type\":\"SIGN\"}"));
        assertThat(json(parts[1]).path("api_key").asText()).isEqualTo("0123abcd");
        assertThat(json(parts[1]).path("timestamp").asLong()).isEqualTo(1_762_074_942_123L);
        assertThat(json(parts[1]).path("exp").asLong())
                .isEqualTo(START.plus(ZhipuTokens.LIFE).toEpochMilli());
        assertThat(Base64.getUrlDecoder().decode(parts[2]))
                .isEqualTo(mac.doFinal((parts[0] + "." + parts[1]).getBytes(UTF_8)));
        assertThat(tokens.of(KEY)).doesNotContain("=").doesNotContain("s3cr3t");
    }

    @Test
    @DisplayName("D10 It is used until shortly before it ends")
    void kept() {
        var token = tokens.of(KEY);
        var useful = ZhipuTokens.LIFE.minus(ZhipuTokens.SPARE);

        now = START.plus(useful).minusMillis(1);
        assertThat(tokens.of(KEY)).isEqualTo(token);
        now = START.plus(useful);
        assertThat(tokens.of(KEY)).isNotEqualTo(token);
        assertThat(ZhipuTokens.SPARE).isGreaterThan(Duration.ofMinutes(1));
    }

    @Test
    @DisplayName("D10 Each key has its own, also where many ask at once")
    void concurrent() throws Exception {
        var seen = new ConcurrentHashMap<String, Integer>();
        var start = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var i = 0; i < 200; i++) {
                var key = "id" + i % 2 + ".secret";
                threads.execute(() -> {
                    await(start);
                    seen.merge(tokens.of(key), 1, Integer::sum);
                });
            }
            start.countDown();
        }
        assertThat(seen).hasSize(2).containsValues(100);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sk-secret", "a.b.c", ".secret", "id.", "."})
    @DisplayName("D10 A key of another form goes as it is")
    void otherKeys(String key) {
        assertThat(tokens.of(key)).isEqualTo(key);
    }

    @Test
    @DisplayName("D10 The header holds the token, and no error repeats it")
    void inTheCodec() {
        var codec = new ZhipuCodec(() -> now);
        var call = codec.encode(Requests.with(""), "glm-4.7", KEY).call();
        var token = tokens.of(KEY);

        assertThat(call.headers()).isEqualTo(Map.of("Authorization", "Bearer " + token));
        assertThat(call.toString()).doesNotContain(token);
        assertThat(new String(call.body(), UTF_8)).doesNotContain("s3cr3t");
        var answer = new HttpAnswer(
                400, Map.of(), ("{\"error\":{\"code\":\"1210\",\"message\":\"" + token + "\"}}").getBytes(UTF_8));
        assertThat(codec.error("zhipu", answer, KEY).message()).isEqualTo("****");
    }

    private static JsonNode json(String part) throws IOException {
        return new ObjectMapper().readTree(Base64.getUrlDecoder().decode(part));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

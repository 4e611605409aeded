package dev.caravan.catalog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.catalog.ProviderForm.Filled;
import dev.caravan.chat.ChatError;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProviderFormTest {

    private static final ProviderSettings FILED = new ProviderSettings(
            "filed",
            ProviderType.VLLM,
            "http://h/v1",
            null,
            true,
            1,
            1,
            Duration.ofSeconds(1),
            List.of(),
            null,
            Retry.DEFAULT,
            Connections.DEFAULT,
            null);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"name\": \"a:b\"}               | name",
                "{\"name\": \"12\"}                | name",
                "{\"name\": null}                  | name",
                "{\"type\": \"cohere\"}            | type",
                "{\"base_url\": \"h/v1\"}          | base_url",
                "{\"base_url\": \"ftp://h\"}       | base_url",
                "{\"base_url\": \"http://h?a=b\"}  | base_url",
                "{\"priority\": \"5\"}             | priority",
                "{\"priority\": -1}                | priority",
                "{\"weight\": 1e400000000}         | weight",
                "{\"timeout\": 0}                  | timeout",
                "{\"timeout\": \"60s\"}            | timeout",
                "{\"enabled\": \"auto\"}           | enabled",
                "{\"models\": [1]}                 | models",
                "{\"api_key\": \"****abcd\"}       | api_key",
                "{\"api_key\": \"a\\r\\nb: c\"}    | api_key",
                "{\"retry\": {\"max_retry\": 1}}   | retry.max_retry",
                "{\"baseurl\": \"http://h\"}       | baseurl",
            })
    @DisplayName("C6 Provider types: bad input is 400 and names the field")
    void validates(String body, String param) {
        assertThat(error(ProviderForm.change(bytes(body.strip()), FILED)).param())
                .isEqualTo(param);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"{", "[]", "' '", "{} {}", "nonsense"})
    @DisplayName("C6 a body that is no JSON object is 400")
    void refusesNonsense(String body) {
        assertThat(error(ProviderForm.create(bytes(body))).status()).isEqualTo(400);
    }

    @Test
    @DisplayName("C6 a url's scheme may be in capitals; Camel gets it in small letters")
    void schemeInCapitals() {
        var filled = ProviderForm.change(bytes("{\"base_url\": \"HTTPS://h/V1/\"}"), FILED);
        assertThat(filled)
                .isInstanceOfSatisfying(
                        Filled.Right.class,
                        right -> assertThat(right.settings().baseUrl()).isEqualTo("https://h/V1"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static ChatError error(Filled filled) {
        assertThat(filled).isInstanceOf(Filled.Wrong.class);
        return ((Filled.Wrong) filled).error();
    }
}

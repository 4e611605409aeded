package dev.caravan.provider.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.chat.ChatError;
import dev.caravan.provider.HttpAnswer;
import dev.caravan.provider.ProviderErrors;
import dev.caravan.provider.openai.OpenAiForm;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/**
 * Reads what Google's errors say in their details: that a 400 is about the key, and how long to wait after a 429.
 *
 * @see <a href="https://cloud.google.com/apis/design/errors">the form of errors</a>
 */
final class GeminiErrors {

    private GeminiErrors() {}

    static ChatError of(String provider, HttpAnswer answer, @Nullable String apiKey) {
        var error = ProviderErrors.of(provider, answer, apiKey);
        var body = OpenAiForm.tree(answer.body());
        if (body == null) {
            return error;
        }
        for (var detail : body.at("/error/details")) {
            if (detail.path("reason").asText().equals("API_KEY_INVALID")) {
                return ProviderErrors.unauthorized(provider, answer.status());
            }
            if (error.retryAfter() == null && detail.path("retryDelay").isTextual()) {
                error = error.withRetryAfter(delay(detail.path("retryDelay")));
            }
        }
        return error;
    }

    /** A duration as protocol buffers write it in JSON, such as {@code 34.5s}. */
    private static @Nullable Duration delay(JsonNode text) {
        try {
            var delay = Duration.parse("PT" + text.asText());
            return delay.isNegative() ? Duration.ZERO : delay;
        } catch (DateTimeParseException e) {
            return null;
        }
    }
}

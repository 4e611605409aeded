package dev.caravan.provider;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.chat.ChatError;
import dev.caravan.chat.ErrorCode;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a provider's failure means for the caller of the broker, whatever its dialect: they say it with the same statuses,
 * and with bodies so alike that one reader finds the message in all of them. No error holds the provider's key.
 */
public final class ProviderErrors {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SHOWN = 500;

    private ProviderErrors() {}

    /**
     * The error that a status other than 2xx stands for.
     *
     * @param provider its name
     * @param apiKey what must not be told
     */
    public static ChatError of(String provider, HttpAnswer answer, @Nullable String apiKey) {
        var body = tree(answer.body());
        var message = message(body)
                .or(() -> plainText(answer))
                .map(text -> shown(text, apiKey))
                .orElse("status " + answer.status());
        var error = switch (answer.status()) {
            case 400, 422 -> ChatError.invalid(param(body), message);
            case 404 -> ChatError.of(ErrorCode.MODEL_NOT_FOUND, message).withParam("model");
            case 413 -> ChatError.of(ErrorCode.TOO_LARGE, message);
            case 429 ->
                ChatError.of(ErrorCode.RATE_LIMIT_EXCEEDED, message).withRetryAfter(retryAfter(answer.headers()));
            case 401, 403 -> unauthorized(provider, answer.status());
            case 408, 504 -> ChatError.of(ErrorCode.TIMEOUT, "Provider '" + provider + "' ran out of time: " + message);
            default ->
                ChatError.of(
                                ErrorCode.INFERENCE_FAILED,
                                "Provider '" + provider + "' failed (" + answer.status() + "): " + message)
                        .withCause("provider_error")
                        .withRetryAfter(retryAfter(answer.headers()));
        };
        return answer.status() == 422 ? error.withStatus(422) : error;
    }

    /** The provider would not have the broker's key: the operator's fault, which no caller learns more of. */
    public static ChatError unauthorized(String provider, int status) {
        return ChatError.of(
                        ErrorCode.INFERENCE_FAILED,
                        "Provider '" + provider + "' refused the broker's key (" + status + ").")
                .withCause("provider_unauthorized");
    }

    /**
     * The provider does not serve the broker's account, because it is not paid or is locked: the operator's fault too.
     *
     * @param reason the vendor's word for it
     */
    public static ChatError account(String provider, String reason) {
        return ChatError.of(
                        ErrorCode.INFERENCE_FAILED,
                        "Provider '" + provider + "' does not serve the broker's account (" + reason + ").")
                .withCause("provider_unauthorized");
    }

    /** The provider's content filter would not have what was asked. */
    public static ChatError filtered(byte[] body, @Nullable String apiKey) {
        return ChatError.invalid(
                        null,
                        "The provider's content filter refused it: "
                                + told(body, apiKey).orElse("it did not say why."))
                .withCause("content_filter");
    }

    /** The error that an event of a stream tells of, if it does. */
    public static Optional<ChatError> inStream(byte[] data, @Nullable String apiKey) {
        return told(data, apiKey)
                .map(message -> ChatError.of(
                                ErrorCode.INFERENCE_FAILED, "The provider broke off its stream: " + message)
                        .withCause("stream_broken"));
    }

    /** What a provider sent with a status of 2xx makes no sense; {@code sentence} says what is wrong with it. */
    public static ChatError undecodable(String sentence) {
        return ChatError.of(ErrorCode.INFERENCE_FAILED, sentence).withCause("undecodable");
    }

    /** The message of an error body, also of one that came where an answer was due; nothing where the body is none. */
    public static Optional<String> told(byte[] body, @Nullable String apiKey) {
        return message(tree(body)).map(text -> shown(text, apiKey));
    }

    private static @Nullable JsonNode tree(byte[] body) {
        try {
            var tree = JSON.readTree(body);
            return tree != null && tree.isArray() ? tree.path(0) : tree; // Google's streams bring a list of errors
        } catch (IOException e) {
            return null;
        }
    }

    private static Optional<String> message(@Nullable JsonNode body) {
        if (body == null || !body.isObject()) {
            return Optional.empty();
        }
        var error = body.path("error");
        var detail = body.path("detail");
        return Stream.of(
                        error.path("message"),
                        error,
                        body.path("message"),
                        detail,
                        detail.path(0).path("msg"))
                .filter(JsonNode::isTextual)
                .map(JsonNode::asText)
                .filter(text -> !text.isBlank())
                .findFirst();
    }

    /** What stands in a body that is no JSON, unless it is a page. */
    private static Optional<String> plainText(HttpAnswer answer) {
        return Optional.of(new String(answer.body(), UTF_8).strip())
                .filter(text ->
                        answer.headers().getOrDefault("content-type", "").startsWith("text/plain") && !text.isEmpty());
    }

    /** The key is masked before the text is cut, so that no half of it stays. */
    private static String shown(String text, @Nullable String apiKey) {
        var safe = apiKey == null || apiKey.isBlank() ? text : text.replace(apiKey, "****");
        return safe.length() > SHOWN ? safe.substring(0, SHOWN) + "…" : safe;
    }

    private static @Nullable String param(@Nullable JsonNode body) {
        return body == null ? null : body.path("error").path("param").textValue();
    }

    /** {@code retry-after-ms}, else {@code Retry-After} in seconds or as a date (RFC 9110, 10.2.3). */
    private static @Nullable Duration retryAfter(Map<String, String> headers) {
        try {
            var millis = headers.get("retry-after-ms");
            if (millis != null) {
                return atLeastZero(Duration.ofMillis((long) Double.parseDouble(millis)));
            }
            var after = headers.get("retry-after");
            if (after == null) {
                return null;
            }
            return atLeastZero(
                    after.chars().allMatch(c -> Character.isDigit(c) || c == '.')
                            ? Duration.ofMillis((long) (Double.parseDouble(after) * 1000))
                            : Duration.between(
                                    Instant.now(), ZonedDateTime.parse(after, DateTimeFormatter.RFC_1123_DATE_TIME)));
        } catch (NumberFormatException | DateTimeException e) {
            return null;
        }
    }

    private static Duration atLeastZero(Duration duration) {
        return duration.isNegative() ? Duration.ZERO : duration;
    }
}

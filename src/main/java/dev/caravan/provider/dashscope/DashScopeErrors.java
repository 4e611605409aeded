package dev.caravan.provider.dashscope;

import dev.caravan.chat.ChatError;
import dev.caravan.provider.HttpAnswer;
import dev.caravan.provider.ProviderErrors;
import dev.caravan.provider.SseReader;
import dev.caravan.provider.openai.OpenAiForm;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads DashScope's errors, whose {@code code} says more than the status; a stream tells them in an event, with a status
 * of 200.
 *
 * @see <a href="https://help.aliyun.com/en/model-studio/error-code">the codes</a>
 */
final class DashScopeErrors {

    private DashScopeErrors() {}

    static ChatError of(String provider, HttpAnswer answer, @Nullable String apiKey) {
        var body = inEvent(answer.body());
        var code = code(body);
        if (isUnpaid(code)) {
            return ProviderErrors.account(provider, code);
        }
        return isFiltered(code)
                ? ProviderErrors.filtered(body, apiKey)
                : ProviderErrors.of(provider, new HttpAnswer(answer.status(), answer.headers(), body), apiKey);
    }

    /** The error in an event of a stream. */
    static ChatError inStream(byte[] event, @Nullable String apiKey) {
        var code = code(event);
        var status = status(code);
        if (status != 500 || isUnpaid(code) || isFiltered(code)) {
            return of("aliyun", new HttpAnswer(status, Map.of(), event), apiKey);
        }
        return ProviderErrors.inStream(event, apiKey)
                .orElseGet(() -> ProviderErrors.undecodable(
                        "The provider sent an event that is no piece of a DashScope answer."));
    }

    /** Whether the content filter stopped the question or the answer. */
    static boolean isFiltered(String code) {
        return code.equals("DataInspectionFailed") || code.equals("data_inspection_failed");
    }

    static String code(byte[] body) {
        var error = OpenAiForm.tree(body);
        return error == null ? "" : OpenAiForm.text(error.path("code"));
    }

    private static boolean isUnpaid(String code) {
        return code.equals("Arrearage");
    }

    /** The status that goes with a code; 500 for any that is not the caller's or the operator's fault. */
    private static int status(String code) {
        if (code.startsWith("Throttling")) {
            return 429;
        }
        if (code.contains("AccessDenied")) {
            return 403;
        }
        return switch (code) {
            case "InvalidApiKey" -> 401;
            case "ModelNotFound", "model_not_found" -> 404;
            case "RequestTimeOut" -> 408;
            case "BadRequest.TooLarge" -> 413;
            default -> code.startsWith("Invalid") || code.startsWith("BadRequest") ? 400 : 500;
        };
    }

    /** A request for a stream may be refused with an event instead of a body. */
    private static byte[] inEvent(byte[] body) {
        if (OpenAiForm.tree(body) != null) {
            return body;
        }
        try {
            var data = new SseReader(new ByteArrayInputStream(body)).next();
            return data == null ? body : data;
        } catch (IOException e) {
            return body;
        }
    }
}

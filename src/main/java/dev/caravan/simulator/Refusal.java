package dev.caravan.simulator;

import dev.caravan.chat.ChatError;
import org.jspecify.annotations.Nullable;

/**
 * Why the simulator does not answer, in OpenAI's words for it.
 *
 * @param status the HTTP status
 * @param message one sentence for a person
 * @param type OpenAI's error type
 * @param param the request field that is to blame
 * @param code OpenAI's error code
 */
record Refusal(
        int status,
        String message,
        String type,
        @Nullable String param,
        @Nullable String code) implements Reading {

    static Refusal invalid(@Nullable String param, @Nullable String code, String message) {
        return new Refusal(400, message, "invalid_request_error", param, code);
    }

    /** @param can such as "chat" */
    static Refusal cannot(SimulatedModel model, String can) {
        return invalid("model", null, "The model `" + model.name() + "` does not " + can + ".");
    }

    static Refusal noSuchModel(String model) {
        var message = "The model `" + model + "` does not exist here.";
        return new Refusal(404, message, "invalid_request_error", null, "model_not_found");
    }

    static Refusal noSuchUrl(String method, String path) {
        return new Refusal(404, "Invalid URL (" + method + " " + path + ")", "invalid_request_error", null, null);
    }

    /** A failure that was asked for. */
    static Refusal simulated(int status) {
        var message = "The simulator was told to fail with " + status + ".";
        return switch (status) {
            case 401 -> new Refusal(status, message, "invalid_request_error", null, "invalid_api_key");
            case 404 -> new Refusal(status, message, "invalid_request_error", null, "model_not_found");
            case 429 -> new Refusal(status, message, "requests", null, "rate_limit_exceeded");
            default ->
                new Refusal(status, message, status < 500 ? "invalid_request_error" : "server_error", null, null);
        };
    }

    /** What the door refuses before the simulator sees it. */
    static Refusal of(ChatError error) {
        return new Refusal(error.status(), error.message(), error.code().type(), error.param(), null);
    }

    byte[] body() {
        return Wire.bytes(new Wire.ErrorBody(new Wire.Failure(message, type, param, code)));
    }
}

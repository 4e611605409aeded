package dev.caravan.chat;

/** Every way a request can fail, with the HTTP status and the OpenAI error type that go with it. */
public enum ErrorCode {
    INVALID_REQUEST("invalid_request", 400, "invalid_request_error"),
    UNAUTHORIZED("unauthorized", 401, "authentication_error"),
    FORBIDDEN("forbidden", 403, "permission_error"),
    MODEL_NOT_FOUND("model_not_found", 404, "invalid_request_error"),
    NOT_FOUND("not_found", 404, "invalid_request_error"),
    METHOD_NOT_ALLOWED("method_not_allowed", 405, "invalid_request_error"),
    CONFLICT("conflict", 409, "invalid_request_error"),
    ID_CONFLICT("id_conflict", 409, "invalid_request_error"),
    TOO_LARGE("too_large", 413, "invalid_request_error"),
    RATE_LIMIT_EXCEEDED("rate_limit_exceeded", 429, "rate_limit_error"),
    CLIENT_CLOSED("client_closed", 499, "api_error"),
    INTERNAL_ERROR("internal_error", 500, "server_error"),
    INFERENCE_FAILED("inference_failed", 502, "server_error"),
    SERVICE_UNAVAILABLE("service_unavailable", 503, "server_error"),
    TIMEOUT("timeout", 504, "server_error");

    private final String text;
    private final int status;
    private final String type;

    ErrorCode(String text, int status, String type) {
        this.text = text;
        this.status = status;
        this.type = type;
    }

    /** The code as it stands in an error body. */
    public String text() {
        return text;
    }

    /** The HTTP status that goes with it, unless a provider's own status is passed on. */
    public int status() {
        return status;
    }

    /** The {@code type} by which OpenAI's SDKs and their users sort errors. */
    public String type() {
        return type;
    }
}

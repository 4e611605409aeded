package dev.caravan.camel;

import dev.caravan.chat.ChatError;

/**
 * A chat that a route of the user's asked for was not answered. It is what such a route catches, by this name:
 * {@code onException} or {@code doCatch}. Its fields can be read in the simple language, as in {@code ${exception.code}}.
 */
public final class ChatFailed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient ChatError error;
    private final String code;
    private final int status;
    private final String requestId;

    ChatFailed(ChatError error, String requestId) {
        super(error.message());
        this.error = error;
        this.code = error.code().text();
        this.status = error.status();
        this.requestId = requestId;
    }

    /** The kind of failure, in the words of the error body, such as {@code rate_limit_exceeded}. */
    public String getCode() {
        return code;
    }

    /** The status that a caller over HTTP would have got. */
    public int getStatus() {
        return status;
    }

    /** The request's id in logs and usage. */
    public String getRequestId() {
        return requestId;
    }

    /** What else is known; nothing in a copy that was serialized. */
    ChatError error() {
        return error;
    }
}

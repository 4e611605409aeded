package dev.caravan.api;

import dev.caravan.chat.ChatError;

/** What an endpoint says. */
public sealed interface Answer {

    /**
     * Done.
     *
     * @param status the HTTP status
     * @param body what Jackson writes as the JSON body
     */
    record Ok(int status, Object body) implements Answer {}

    /** Not done. */
    record Refused(ChatError error) implements Answer {}
}

package dev.caravan.chat;

import java.util.List;
import java.util.Optional;

/** What can be asked of a model. */
public enum Operation {
    /** The next turn of a conversation. */
    CHAT("/v1/chat/completions", "messages"),
    /** How a text goes on: OpenAI's older form. */
    COMPLETION("/v1/completions", "prompt"),
    /** Where texts stand in a model's space of meanings, as vectors. */
    EMBEDDING("/v1/embeddings", "input");

    private static final List<Operation> ALL = List.of(values());

    private final String path;
    private final String question;

    Operation(String path, String question) {
        this.path = path;
        this.question = question;
    }

    /** The broker's endpoint that takes such requests. */
    public String path() {
        return path;
    }

    /** The field of a request that holds what is asked. */
    public String question() {
        return question;
    }

    /** What an endpoint of this path takes; nothing if it takes something else. */
    public static Optional<Operation> at(String path) {
        for (var each : ALL) {
            if (each.path.equals(path)) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }
}

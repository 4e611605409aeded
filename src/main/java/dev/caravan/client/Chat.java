package dev.caravan.client;

/** Conversations with models. Thread-safe. */
public final class Chat {

    private final ChatCompletions completions;

    Chat(ChatCompletions completions) {
        this.completions = completions;
    }

    /** Asks for the next turn of a conversation. */
    public ChatCompletions completions() {
        return completions;
    }
}

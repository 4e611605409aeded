package dev.caravan.provider;

import dev.caravan.chat.Operation;
import java.util.List;

/** The cases that every dialect has, beside one for each request in {@code src/test/golden/requests}. */
record RequiredCases(List<String> answers, List<String> streams, List<String> errors) {

    private static final RequiredCases CHAT = new RequiredCases(
            List.of(
                    "basic",
                    "tool-call",
                    "parallel-tool-calls",
                    "json-schema",
                    "reasoning",
                    "cached-prompt",
                    "finish-length",
                    "finish-content-filter",
                    "refusal",
                    "several-choices"),
            List.of(
                    "stream",
                    "stream-with-usage",
                    "stream-tool-call",
                    "stream-parallel-tool-calls",
                    "stream-reasoning",
                    "stream-content-filter",
                    "stream-error",
                    "stream-cut"),
            List.of(
                    "status-400",
                    "status-401",
                    "status-403",
                    "status-404",
                    "status-413",
                    "status-429",
                    "status-500",
                    "status-503",
                    "key-in-message",
                    "html-page"));

    private static final RequiredCases COMPLETION = new RequiredCases(
            List.of("basic", "echo", "finish-length"),
            List.of("stream", "stream-with-usage", "stream-echo", "stream-cut"),
            List.of());

    private static final RequiredCases EMBEDDING = new RequiredCases(
            List.of("basic", "several", "base64", "too-few", "no-vectors"),
            List.of(),
            List.of("status-400", "status-429"));

    /** Those of an operation. What its errors mean, each codec for completions is told by that for chats. */
    static RequiredCases of(Operation operation) {
        return switch (operation) {
            case CHAT -> CHAT;
            case COMPLETION -> COMPLETION;
            case EMBEDDING -> EMBEDDING;
        };
    }
}

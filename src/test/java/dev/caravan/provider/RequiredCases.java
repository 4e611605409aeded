package dev.caravan.provider;

import java.util.List;

/** The cases that every dialect has, beside one for each request in {@code src/test/golden/requests}. */
final class RequiredCases {

    static final List<String> ANSWERS = List.of(
            "basic",
            "tool-call",
            "parallel-tool-calls",
            "json-schema",
            "reasoning",
            "cached-prompt",
            "finish-length",
            "finish-content-filter",
            "refusal",
            "several-choices");

    static final List<String> STREAMS = List.of(
            "stream",
            "stream-with-usage",
            "stream-tool-call",
            "stream-parallel-tool-calls",
            "stream-reasoning",
            "stream-content-filter",
            "stream-error",
            "stream-cut");

    static final List<String> ERRORS = List.of(
            "status-400",
            "status-401",
            "status-403",
            "status-404",
            "status-413",
            "status-429",
            "status-500",
            "status-503",
            "key-in-message",
            "html-page");

    private RequiredCases() {}
}

package dev.caravan.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;

/** Makes providers of the shared broker through its admin API, and says what providers say. */
public final class Providers {

    /** A key that no test shows to anybody but its provider. */
    public static final String KEY = "sk-of-the-provider";

    private static final AtomicInteger COUNT = new AtomicInteger();

    private Providers() {}

    /** A name that no other provider of this run has. */
    public static String freshName() {
        return "p" + COUNT.incrementAndGet() + "-test";
    }

    /** Makes a provider of type {@code openai-compatible} with {@link #KEY}, whose repeats come at once; gives its name. */
    public static String create(String baseUrl) {
        return create(baseUrl, "");
    }

    /** @param more more fields, such as {@code "timeout": 1} */
    public static String create(String baseUrl, String more) {
        return create("openai-compatible", baseUrl, more);
    }

    /** @param type which dialect it speaks */
    public static String create(String type, String baseUrl, String more) {
        return create(RunningBroker.shared(), type, baseUrl, more);
    }

    /** The same at another broker. */
    public static String create(RunningBroker broker, String type, String baseUrl, String more) {
        var name = freshName();
        var response = broker.admin("POST", "/admin/providers", """
                {"name":"%s","type":"%s","base_url":"%s","api_key":"%s"%s%s}""".formatted(
                        name,
                        type,
                        baseUrl,
                        KEY,
                        more.contains("\"retry\"") ? "" : ",\"retry\":{\"max_retries\":1,\"initial_delay\":0.01}",
                        more.isEmpty() ? "" : "," + more));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
        return name;
    }

    /** A chat request for a model. */
    public static String chat(String model) {
        return chat(model, "");
    }

    /** @param more more fields, such as {@code "stream": true} */
    public static String chat(String model, String more) {
        return """
                {"model":"%s","messages":[{"role":"user","content":"Hi"}]%s}""".formatted(model, more.isEmpty() ? "" : "," + more);
    }

    /** A whole answer. */
    public static String completion(String text) {
        return """
                {"id":"chatcmpl-1","object":"chat.completion","created":1700000000,"model":"m","choices":[{"index":0,\
                "message":{"role":"assistant","content":"%s"},"finish_reason":"stop"}],\
                "usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}""".formatted(text);
    }

    /** A piece of a streamed answer. */
    public static String chunk(String text) {
        return """
                {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"m",\
                "choices":[{"index":0,"delta":{"content":"%s"},"finish_reason":null}]}""".formatted(text);
    }

    /** The piece of a streamed answer that says why it ended. */
    public static String lastChunk() {
        return """
                {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"m",\
                "choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""";
    }

    /** The piece of a streamed answer that tells what was counted. */
    public static String usageChunk() {
        return """
                {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"m","choices":[],\
                "usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}""";
    }
}

package dev.caravan.http;

import static dev.caravan.testing.Providers.completion;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.Providers;
import dev.caravan.testing.RunningBroker;
import dev.caravan.testing.ScriptedUpstream;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What nobody acts on is carried as it was written, there and back. */
class PassThroughTest {

    private final RunningBroker broker = RunningBroker.shared();

    @Test
    @DisplayName(
            "B1 Fields reach a provider of the same dialect as they came: order, spelling of numbers, unknown ones")
    void request() throws Exception {
        try (var upstream = ScriptedUpstream.start(call -> call.json(200, completion("ok")))) {
            var name = Providers.create(upstream.url());

            var response = broker.post("/v1/chat/completions", """
                    {"zeta":12345678901234567890, "temperature":0.70,"model":"%s:m", "top_p" : 1e-2,
                     "messages":[{"role":"user","content":"caf\\u00e9 ☕","unknown":{"b":1,"a":[1.50,2e2]}}],
                     "provider":"%s","alpha":null,"fallback_providers":[],"nested":{"provider":"mine","timeout":1.0},
                     "timeout":30,"retry_count":2,"last":-0.0}""".formatted(name, name));

            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            assertThat(upstream.next().body()).isEqualTo("""
                    {"zeta":12345678901234567890,"temperature":0.70,"model":"m","top_p" : 1e-2,\
                    "messages":[{"role":"user","content":"caf\\u00e9 ☕","unknown":{"b":1,"a":[1.50,2e2]}}],\
                    "alpha":null,"nested":{"provider":"mine","timeout":1.0},"last":-0.0}""");
        }
    }

    @Test
    @DisplayName("B1 C2 An answer comes back as the provider gave it, with provider and latency_ms beside")
    void response() throws Exception {
        try (var upstream = ScriptedUpstream.start(call -> call.json(200, """
                {"id":"x-1","object":"chat.completion","created":1700000000,"model":"m-2024","zeta":1.10,\
                "choices":[{"index":0,"message":{"role":"assistant","content":"ok","reasoning":"…"},\
                "finish_reason":"stop","extra":[1e3]}],"usage":{"prompt_tokens":3,"completion_tokens":2,\
                "total_tokens":5,"queue_time":0.50},"system_fingerprint":null}"""))) {
            var name = Providers.create(upstream.url());

            var body = broker.post("/v1/chat/completions", Providers.chat(name + ":m"))
                    .body();

            assertThat(body.replaceFirst("\"latency_ms\":\\d+}$", "\"latency_ms\":N}"))
                    .isEqualTo("""
                    {"id":"x-1","object":"chat.completion","created":1700000000,"model":"%s:m","zeta":1.10,\
                    "choices":[{"index":0,"message":{"role":"assistant","content":"ok","reasoning":"…"},\
                    "finish_reason":"stop","extra":[1e3]}],"usage":{"prompt_tokens":3,"completion_tokens":2,\
                    "total_tokens":5,"queue_time":0.50},"system_fingerprint":null,"provider":"%s","latency_ms":N}""".formatted(name, name));
        }
    }

    @Test
    @DisplayName("C1 The provider gets its own key, and nothing of the client's: neither keys nor other headers")
    void keys() throws Exception {
        try (var upstream = ScriptedUpstream.start(call -> call.json(200, completion("ok")))) {
            var name = Providers.create(upstream.url());

            broker.send(broker.request("/v1/chat/completions", RunningBroker.CLIENT_KEY)
                    .header("X-API-Key", RunningBroker.CLIENT_KEY)
                    .header("X-Admin-Key", RunningBroker.ADMIN_KEY)
                    .header("CamelHttpUri", "http://127.0.0.1:1/elsewhere")
                    .header("CamelHttpPath", "/elsewhere")
                    .header("Cookie", "a=b")
                    .header("OpenAI-Organization", "org")
                    .POST(BodyPublishers.ofString(Providers.chat(name + ":m"))));

            var call = upstream.next();
            assertThat(call.head())
                    .startsWith("POST /v1/chat/completions HTTP/1.1\r\n")
                    .contains("Authorization: Bearer " + Providers.KEY + "\r\n")
                    .doesNotContain(RunningBroker.CLIENT_KEY, RunningBroker.ADMIN_KEY)
                    .doesNotContainIgnoringCase("camel", "cookie", "openai-organization", "x-api-key", "x-admin-key");
            assertThat(call.hasHeader("content-type")).isTrue();
        }
    }

    @Test
    @DisplayName("F1 A trace goes on to the provider, each attempt a span of its own; without one none is made up")
    void trace() throws Exception {
        var asked = new AtomicInteger();
        try (var upstream =
                ScriptedUpstream.start(call -> call.json(asked.incrementAndGet() == 1 ? 503 : 200, completion("ok")))) {
            var name = Providers.create(upstream.url());
            var chat = Providers.chat(name + ":m");
            var trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-";

            broker.send(broker.request("/v1/chat/completions", RunningBroker.CLIENT_KEY)
                    .header("traceparent", trace + "00f067aa0ba902b7-01")
                    .POST(BodyPublishers.ofString(chat)));
            broker.post("/v1/chat/completions", chat);

            var spans = Stream.of(upstream.next(), upstream.next())
                    .map(call -> call.head().replaceFirst("(?is).*\r\ntraceparent: (\\S+).*", "$1"))
                    .toList();
            assertThat(spans).allMatch(span -> span.matches(trace + "[0-9a-f]{16}-01"));
            assertThat(spans).doesNotHaveDuplicates().noneMatch(span -> span.contains("00f067aa0ba902b7"));
            assertThat(upstream.next().hasHeader("traceparent")).isFalse();
        }
    }

    @Test
    @DisplayName("C1 A provider without a key gets none")
    void noKey() throws Exception {
        try (var upstream = ScriptedUpstream.start(call -> call.json(200, completion("ok")))) {
            var name = Providers.create(upstream.url());
            broker.admin("PATCH", "/admin/providers/" + name, "{\"api_key\":null}");

            broker.post("/v1/chat/completions", Providers.chat(name + ":m"));

            assertThat(upstream.next().hasHeader("authorization")).isFalse();
        }
    }
}

package dev.caravan.client;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Talks to a Caravan broker, or straight to a provider that speaks OpenAI's dialect: the base url decides. Thread-safe;
 * one is enough for a program.
 *
 * {@snippet :
 * try (var client = CaravanClient.builder().baseUrl("http://127.0.0.1:8080/v1").build()) {
 *     var params = ChatCompletionParams.builder().model("sim-echo").addUserMessage("Hello!").build();
 *     System.out.println(client.chat().completions().create(params).text());
 * }
 * }
 */
public final class CaravanClient implements AutoCloseable {

    private final Transport transport;
    private final Chat chat;
    private final Models models;

    private CaravanClient(Transport transport) {
        this.transport = transport;
        this.chat = new Chat(new ChatCompletions(transport));
        this.models = new Models(transport);
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Conversations with models. */
    public Chat chat() {
        return chat;
    }

    /** The models that can be asked. */
    public Models models() {
        return models;
    }

    /** Lets go of everything that is still going on. */
    @Override
    public void close() {
        transport.close();
    }

    /** Not thread-safe. */
    public static final class Builder {

        private String baseUrl = "http://127.0.0.1:8080/v1";
        private @Nullable String apiKey;
        private Duration timeout = Duration.ofSeconds(60);

        private Builder() {}

        /** Where, with {@code /v1} as OpenAI's SDKs have it; {@code http://127.0.0.1:8080/v1} unless set. */
        public Builder baseUrl(String newBaseUrl) {
            baseUrl = newBaseUrl;
            return this;
        }

        /** Sent as {@code Authorization: Bearer}; without one nothing is sent. */
        public Builder apiKey(String newApiKey) {
            apiKey = newApiKey;
            return this;
        }

        /** Bound on a whole answer, and on the time until a streamed one begins; 60 s unless set. */
        public Builder timeout(Duration newTimeout) {
            timeout = newTimeout;
            return this;
        }

        /** @throws IllegalArgumentException if the base url is no http or https url, or the timeout not positive */
        public CaravanClient build() {
            var url = URI.create(baseUrl.replaceFirst("/+$", ""));
            if (url.getHost() == null || !("http".equals(url.getScheme()) || "https".equals(url.getScheme()))) {
                throw new IllegalArgumentException("the base url must be like 'https://host/v1', but is '" + url + "'");
            }
            if (!timeout.isPositive()) {
                throw new IllegalArgumentException("the timeout must be positive, but is " + timeout);
            }
            return new CaravanClient(new Transport(url, apiKey, timeout));
        }
    }
}

package dev.caravan.client;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.caravan.chat.ChatError;
import dev.caravan.chat.ChatRequest;
import dev.caravan.chat.ErrorCode;
import dev.caravan.provider.DecodedStream;
import dev.caravan.provider.HttpAnswer;
import dev.caravan.provider.HttpCall;
import dev.caravan.provider.ProviderCodec;
import dev.caravan.provider.openai.OpenAiCodec;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Sends requests, and turns whatever else than an answer comes of them into a {@link CaravanException}. Thread-safe. */
final class Transport implements AutoCloseable {

    private final ProviderCodec codec = OpenAiCodec.forCaller();
    private final URI baseUrl;
    private final @Nullable String apiKey;
    private final Duration timeout;
    private final HttpClient http;

    Transport(URI baseUrl, @Nullable String apiKey, Duration timeout) {
        this.baseUrl = baseUrl;
        this.apiKey = apiKey;
        this.timeout = timeout;
        // without TLS the newer version only costs a header with which old servers cannot deal
        var version = "https".equals(baseUrl.getScheme()) ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1;
        this.http =
                HttpClient.newBuilder().version(version).connectTimeout(timeout).build();
    }

    ProviderCodec codec() {
        return codec;
    }

    @Nullable
    String apiKey() {
        return apiKey;
    }

    HttpRequest post(HttpCall call) {
        var request = request(call.path())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(call.body()));
        call.headers().forEach(request::setHeader);
        return request.build();
    }

    HttpRequest get(String path) {
        var request = request(path);
        if (apiKey != null) {
            request.header("Authorization", "Bearer " + apiKey);
        }
        return request.build();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(baseUrl + path)).timeout(timeout);
    }

    /** Sends a request and reads its answer; whoever cancels that lets go of the request. */
    <T> CompletableFuture<T> send(HttpRequest request, Function<byte[], T> read) {
        var exchange = http.sendAsync(request, BodyHandlers.ofByteArray());
        var result = exchange.copy().orTimeout(timeout.toNanos(), NANOSECONDS).handle((response, failure) -> {
            if (failure != null) {
                throw failed(failure);
            }
            return read.apply(successful(response, response.body()));
        });
        result.whenComplete((_, failure) -> {
            if (failure != null) {
                exchange.cancel(true);
            }
        });
        return result;
    }

    /** Sends a request and waits for the first piece of its answer. */
    ChunkStream open(ChatRequest asked, HttpRequest request) {
        try {
            var response = http.send(request, BodyHandlers.ofInputStream());
            var body = response.body();
            if (response.statusCode() / 100 != 2) {
                successful(response, body.readAllBytes());
            }
            return new ChunkStream(
                    new DecodedStream(codec.events(asked, body, null), () -> close(body), Transport::meaning));
        } catch (IOException e) {
            throw failed(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted();
        }
    }

    /** Waits for a result. */
    static <T> T await(CompletableFuture<T> result) {
        try {
            return result.get();
        } catch (ExecutionException e) {
            throw failed(e);
        } catch (InterruptedException e) {
            result.cancel(true);
            Thread.currentThread().interrupt();
            throw interrupted();
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    private byte[] successful(HttpResponse<?> response, byte[] body) {
        var status = response.statusCode();
        if (status / 100 == 2) {
            return body;
        }
        var headers = new HashMap<String, String>();
        response.headers()
                .map()
                .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
        var error = switch (status) {
            case 401 -> refused(ErrorCode.UNAUTHORIZED, body);
            case 403 -> refused(ErrorCode.FORBIDDEN, body);
            default -> codec.error(baseUrl.getAuthority(), new HttpAnswer(status, headers, body), apiKey);
        };
        throw CaravanException.of(error, status, status >= 500 && "false".equals(headers.get("x-should-retry")));
    }

    private ChatError refused(ErrorCode code, byte[] body) {
        return ChatError.of(code, OpenAiCodec.message(body).orElse(baseUrl.getAuthority() + " refused the key."));
    }

    private static CaravanException failed(Throwable thrown) {
        return switch (thrown) {
            case CaravanException known -> known;
            case CompletionException wrapper when wrapper.getCause() != null -> failed(wrapper.getCause());
            case ExecutionException wrapper when wrapper.getCause() != null -> failed(wrapper.getCause());
            case IOException e -> {
                var error = meaning(e);
                yield withCause(new CaravanException(error, error.status()), e);
            }
            case TimeoutException e -> {
                var error = tooLate();
                yield withCause(new CaravanException(error, error.status()), e);
            }
            case RuntimeException bug -> throw bug;
            default -> throw new IllegalStateException(thrown);
        };
    }

    private static ChatError meaning(IOException e) {
        return switch (e) {
            case ConnectException _, HttpConnectTimeoutException _ ->
                ChatError.of(ErrorCode.SERVICE_UNAVAILABLE, "No connection could be made.")
                        .withCause("cannot_connect");
            case HttpTimeoutException _ -> tooLate();
            default ->
                ChatError.of(ErrorCode.INFERENCE_FAILED, "The connection broke off: " + e.getMessage() + ".")
                        .withCause("connection_broken");
        };
    }

    private static ChatError tooLate() {
        return ChatError.of(ErrorCode.TIMEOUT, "The time was up before there was an answer.");
    }

    private static CaravanException interrupted() {
        var error = ChatError.of(ErrorCode.CLIENT_CLOSED, "The thread was interrupted while it waited for an answer.");
        return new CaravanException(error, error.status());
    }

    private static CaravanException withCause(CaravanException exception, Throwable cause) {
        exception.initCause(cause);
        return exception;
    }

    private static void close(InputStream body) {
        try {
            body.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

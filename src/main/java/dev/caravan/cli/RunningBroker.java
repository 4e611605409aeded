package dev.caravan.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.client.CaravanClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The broker that a command talks to, and the options that say where it is. */
final class RunningBroker {

    static final ObjectMapper JSON = new ObjectMapper();

    private static final Duration LONGEST = Duration.ofMinutes(10);

    @Option(
            names = "--url",
            description = "Where the broker listens. Default: http://127.0.0.1 with SERVER_PORT, else 8080.")
    private @Nullable String url;

    @Option(names = "--key", description = "A client key. Default: the first of CARAVAN_API_KEYS.")
    private @Nullable String key;

    /** What the broker answered. */
    record Reply(int status, JsonNode body) {

        boolean isSuccess() {
            return status / 100 == 2;
        }

        /** The sentence that says what went wrong. */
        String problem() {
            return body.path("error").path("message").asText("The broker answered with status " + status + ".");
        }
    }

    /** The broker cannot be reached, or what answers is none. */
    static final class Unreachable extends Exception {
        private static final long serialVersionUID = 1;

        Unreachable(String message) {
            super(message);
        }
    }

    /** Sends a body and waits for the answer. */
    Reply post(String path, ObjectNode body) throws Unreachable {
        var request = HttpRequest.newBuilder(address().resolve(path))
                .header("Content-Type", "application/json")
                .timeout(LONGEST)
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()));
        clientKey().ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
        try (var http = HttpClient.newHttpClient()) {
            var response = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            return new Reply(response.statusCode(), JSON.readTree(response.body()));
        } catch (JsonProcessingException _) {
            throw new Unreachable("What answers at " + address() + " is no Caravan broker.");
        } catch (IOException _) {
            throw new Unreachable(
                    "No broker answers at " + address() + ": start it with 'caravan serve', or say --url.");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new Unreachable("Interrupted.");
        }
    }

    /** A client of it. */
    CaravanClient client() {
        var builder = CaravanClient.builder()
                .baseUrl(address().resolve("/v1").toString())
                .timeout(LONGEST);
        clientKey().ifPresent(builder::apiKey);
        return builder.build();
    }

    private URI address() {
        var port = System.getenv().getOrDefault("SERVER_PORT", "8080");
        return URI.create(url == null ? "http://127.0.0.1:" + port : url);
    }

    private Optional<String> clientKey() {
        return key != null
                ? Optional.of(key)
                : Arrays.stream(System.getenv()
                                .getOrDefault("CARAVAN_API_KEYS", "")
                                .split(","))
                        .map(String::strip)
                        .filter(each -> !each.isEmpty())
                        .findFirst();
    }
}

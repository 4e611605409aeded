package dev.caravan.door;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/** What the tests of the door share. */
final class Doors {

    static final RefusalBody REFUSALS =
            (error, requestId) -> bytes("{\"code\":\"%s\",\"cause\":\"%s\",\"request_id\":\"%s\",\"message\":\"%s\"}"
                    .formatted(error.code().text(), error.cause(), requestId, error.message()));

    private Doors() {}

    static Door open(DoorHandler handler) {
        return Door.open(DoorOptions.loopback(0), handler, REFUSALS);
    }

    static Door open(int maxBodyBytes, DoorHandler handler) {
        return open(limits(Map.of("bodyBytes", maxBodyBytes)), handler);
    }

    static Door open(DoorLimits limits, DoorHandler handler) {
        return Door.open(
                new DoorOptions("127.0.0.1", 0, limits, CorsPolicy.OFF, null, Set.of("/spared")), handler, REFUSALS);
    }

    /** Those of the product, but for some: by name, times in milliseconds. */
    static DoorLimits limits(Map<String, Integer> others) {
        return new DoorLimits(
                others.getOrDefault("bodyBytes", 10 * 1024 * 1024),
                others.getOrDefault("headerBytes", 32 * 1024),
                Duration.ofMillis(others.getOrDefault("headerTime", 10_000)),
                Duration.ofMillis(others.getOrDefault("bodyTime", 30_000)),
                others.getOrDefault("bodyRate", 1024),
                Duration.ofMillis(others.getOrDefault("idleTime", 75_000)),
                Duration.ofMillis(others.getOrDefault("stallTime", 60_000)),
                others.getOrDefault("connections", 10_000),
                others.getOrDefault("inFlight", 10_000),
                others.getOrDefault("inFlightBytes", 256 * 1024 * 1024));
    }

    /** Answers with method, path, query and body of the request. */
    static void echo(DoorRequest request, DoorReply reply) {
        answer(
                reply,
                request.method() + " " + request.path() + " " + request.queryParameters() + " "
                        + new String(request.body(), StandardCharsets.UTF_8));
    }

    static void answer(DoorReply reply, String text) {
        reply.send(200, Map.of("content-type", "text/plain"), bytes(text));
    }

    static boolean write(DoorReply reply, String text) {
        byte[] bytes = bytes(text);
        return reply.write(bytes, 0, bytes.length);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

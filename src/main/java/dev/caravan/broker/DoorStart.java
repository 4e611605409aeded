package dev.caravan.broker;

import dev.caravan.api.ErrorBody;
import dev.caravan.door.Certificate;
import dev.caravan.door.CorsPolicy;
import dev.caravan.door.Door;
import dev.caravan.door.DoorHandler;
import dev.caravan.door.DoorLimits;
import dev.caravan.door.DoorOptions;
import dev.caravan.door.RefusalReason;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Opens the door as it is set, with its figures among the metrics. Bad settings refuse the start before anything else. */
@Component
class DoorStart {

    /** By these others see whether the program is alive; one that has much to do is. */
    private static final Set<String> SPARED = Set.of("/healthz", "/metrics");

    private final MeterRegistry registry;
    private final DoorLimits limits;
    private final CorsPolicy cors;
    private final @Nullable TlsFiles tls;

    DoorStart(BrokerSettings settings, DoorSettings door, MeterRegistry registry, Clock clock) {
        this.registry = registry;
        this.limits = door.limits(settings.maxBody());
        this.cors = door.corsPolicy();
        this.tls = TlsFiles.open(door.tls(), clock);
    }

    /** @throws StartRefused if it cannot listen there */
    Door open(String host, int port, DoorHandler handler) {
        var certificate = tls == null ? null : tls.certificate();
        var options = new DoorOptions(host, port, limits, cors, certificate, SPARED);
        try {
            var door = Door.open(options, handler, ErrorBody::of);
            meter(door, certificate);
            return door;
        } catch (UncheckedIOException e) {
            throw new StartRefused(
                    e.getMessage() + ": stop the program that uses it, or choose another (SERVER_HOST, SERVER_PORT).");
        }
    }

    String scheme() {
        return tls == null ? "http" : "https";
    }

    /** Takes over a certificate that has changed. */
    void refresh() {
        if (tls != null) {
            tls.refresh();
        }
    }

    private void meter(Door door, @Nullable Certificate certificate) {
        for (var reason : RefusalReason.values()) {
            FunctionCounter.builder("caravan.door.refused", door, each -> each.refused(reason))
                    .description("Requests and connections that the door sent away")
                    .tag("reason", reason.text())
                    .register(registry);
        }
        FunctionCounter.builder("caravan.door.failures", door, Door::failures)
                .description("Connections that failed by a bug of the broker's own")
                .register(registry);
        Gauge.builder("caravan.door.connections", door, Door::connections)
                .description("Open connections")
                .register(registry);
        Gauge.builder("caravan.door.requests.in.flight", door, Door::inFlight)
                .description("Requests that are being answered")
                .register(registry);
        Gauge.builder("caravan.door.bodies", door, Door::bodyBytes)
                .description("Memory that the bodies of requests hold")
                .baseUnit("bytes")
                .register(registry);
        if (certificate != null) {
            TimeGauge.builder(
                            "caravan.door.certificate.expiry",
                            certificate,
                            TimeUnit.SECONDS,
                            each -> each.notAfter().getEpochSecond())
                    .description("When the certificate expires, in Unix time")
                    .register(registry);
        }
    }
}

package dev.caravan.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchRuntimeException;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.FileSystemResource;
import org.springframework.util.unit.DataSize;

class DoorSettingsTest {

    private static final DataSize MAX_BODY = DataSize.ofMegabytes(10);

    @Test
    @DisplayName("The defaults")
    void defaults() {
        var limits = bound(Map.of()).limits(MAX_BODY);
        assertThat(limits.bodyBytes()).isEqualTo(10 * 1024 * 1024);
        assertThat(limits.headerBytes()).isEqualTo(32 * 1024);
        assertThat(limits.headerTime()).isEqualTo(Duration.ofSeconds(10));
        assertThat(limits.bodyTime()).isEqualTo(Duration.ofSeconds(30));
        assertThat(limits.bodyRate()).isEqualTo(1024);
        assertThat(limits.idleTime()).isEqualTo(Duration.ofSeconds(75));
        assertThat(limits.stallTime()).isEqualTo(Duration.ofSeconds(60));
        assertThat(limits.connections()).isEqualTo(10_000);
        assertThat(limits.inFlight()).isEqualTo(10_000);
        assertThat(limits.inFlightBytes()).isEqualTo(Runtime.getRuntime().maxMemory() / 4);
        assertThat(bound(Map.of()).tls()).isEqualTo(new DoorSettings.Tls(null, null));
        assertThat(bound(Map.of()).cors().allowedOrigins()).isEmpty();
    }

    @Test
    @DisplayName("The file that comes with the broker says the same")
    void shippedFile() throws IOException {
        var environment = new StandardEnvironment();
        new YamlPropertySourceLoader()
                .load("shipped", new FileSystemResource("config/application.yaml"))
                .forEach(environment.getPropertySources()::addLast);
        ConfigurationPropertySources.attach(environment);
        assertThat(Binder.get(environment).bindOrCreate("caravan.door", DoorSettings.class))
                .isEqualTo(bound(Map.of()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "header-timeout|0s|caravan.door.header-timeout is 0ms, but must be from 10ms to 1d.",
                "body-timeout|-1s|caravan.door.body-timeout is -1000ms, but must be from 10ms to 1d.",
                "idle-timeout|2d|caravan.door.idle-timeout is 172800000ms, but must be from 10ms to 1d.",
                "stall-timeout|soon|caravan.door.stall-timeout is 'soon', but must be a time such as 10s or 500ms.",
                "max-header-size|10B|caravan.door.max-header-size is 10B, but must be from 1024B to 1073741824B.",
                "body-rate|0B|caravan.door.body-rate is 0B, but must be from 1B to 1073741824B.",
                "max-connections|0|caravan.door.max-connections is 0, but must be at least 1.",
                "max-in-flight|many|caravan.door.max-in-flight is 'many', but must be a whole number.",
                "max-in-flight-size|1MB|caravan.door.max-in-flight-size is 1048576B, but must be at least"
                        + " caravan.max-body, which is 10485760B.",
                "cors.allowed-origins|app.example.com|caravan.door.cors.allowed-origins: 'app.example.com' is not an"
                        + " origin: it must be * or of the form https://app.example.com, in small letters and without"
                        + " a path.",
                "cors.max-age|0s|caravan.door.cors.max-age is 0ms, but must be from 10ms to 1d.",
            })
    @DisplayName("A setting that cannot be meant refuses the start with one sentence")
    void refused(String name, String value, String sentence) {
        var thrown = catchRuntimeException(() -> {
            var settings = bound(Map.of(name, value));
            settings.limits(MAX_BODY);
            settings.corsPolicy();
        });
        assertThat(Broker.refusal(thrown)).hasValue(sentence);
    }

    private static DoorSettings bound(Map<String, String> properties) {
        var source = new MapConfigurationPropertySource();
        properties.forEach((name, value) -> source.put("caravan.door." + name, value));
        return new Binder(List.of(source), null, ApplicationConversionService.getSharedInstance(), null)
                .bindOrCreate("caravan.door", DoorSettings.class);
    }
}

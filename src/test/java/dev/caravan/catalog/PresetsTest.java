package dev.caravan.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.catalog.CatalogFiles.Values;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The providers that ship, each switched on by one variable, as the table in docs/providers.md has them. */
class PresetsTest {

    private static final Pattern ROW =
            Pattern.compile("\\| `([a-z-]+)` \\| `([a-z-]+)` \\| `([A-Z_]+)` \\| ([^|]*) \\| ([^|]*) \\|");
    private static final String SIMULATOR = "caravan.simulator.url";

    private record Preset(String name, String type, String variable, String baseUrl, String defaultModel) {}

    @ParameterizedTest
    @MethodSource("presets")
    @DisplayName("A1 B6 D2 Each preset is there once its variable is set, and not before, nor with any other's")
    void switchedOn(Preset preset) {
        var url = preset.variable().endsWith("_BASE_URL");
        var value = url ? "http://127.0.0.1:1/v1" : "a-key";

        var found = providers(Map.of(preset.variable(), value));

        assertThat(found).extracting(ProviderSettings::name).containsExactly("simulator", preset.name());
        var settings = found.getLast();
        assertThat(settings.type().text()).isEqualTo(preset.type());
        assertThat(settings.baseUrl()).isEqualTo(url ? value : preset.baseUrl());
        assertThat(String.valueOf(settings.defaultModel())).isEqualTo(url ? "null" : preset.defaultModel());
        assertThat(settings.withId(1).discovers())
                .isEqualTo(List.of("ollama", "vllm", "llamacpp").contains(preset.type()));
    }

    @Test
    @DisplayName("A1 D2 The table names every provider that ships, and every type has one")
    void complete() throws IOException {
        var all = new ArrayList<String>();
        presets().forEach(preset -> all.add(preset.name()));
        var shipped = Files.readString(Path.of("config/providers.yaml"))
                .lines()
                .filter(line -> line.startsWith("  - name: "))
                .map(line -> line.substring("  - name: ".length()))
                .toList();

        assertThat(shipped)
                .containsExactlyInAnyOrderElementsOf(
                        Stream.concat(Stream.of("simulator"), all.stream()).toList());
        assertThat(presets().map(Preset::type))
                .contains(Arrays.stream(ProviderType.values())
                        .map(ProviderType::text)
                        .toArray(String[]::new));
    }

    @Test
    @DisplayName(
            "A1 An entry with 'enabled: auto' is left out while its url or its key is empty; without a key, its url decides")
    void automatic() throws IOException {
        var folder = Files.createTempDirectory("presets");
        Files.writeString(folder.resolve("providers.yaml"), """
                providers:
                  - {name: a, type: vllm, base_url: "${A_URL:}", enabled: auto}
                  - {name: b, type: vllm, base_url: "${B_URL:}", api_key: "${B_KEY:}", enabled: auto}
                """);
        Files.writeString(folder.resolve("models.yaml"), """
                models:
                  - {name: m, providers: [a, b]}
                """);

        assertThat(names(folder, Map.of())).isEmpty();
        assertThat(names(folder, Map.of("A_URL", "http://h/v1"))).containsExactly("a");
        assertThat(names(folder, Map.of("B_URL", "http://h/v1"))).isEmpty();
        assertThat(names(folder, Map.of("B_KEY", "k"))).isEmpty();
        assertThat(names(folder, Map.of("B_URL", "http://h/v1", "B_KEY", "k"))).containsExactly("b");
    }

    static Stream<Preset> presets() throws IOException {
        return ROW.matcher(Files.readString(Path.of("docs/providers.md")))
                .results()
                .map(row ->
                        new Preset(row.group(1), row.group(2), row.group(3), bare(row.group(4)), bare(row.group(5))));
    }

    private static String bare(String cell) {
        return cell.replace("`", "").strip();
    }

    private static List<ProviderSettings> providers(Map<String, String> environment) {
        return values(Path.of("config"), environment).stream()
                .map(CatalogFiles.Given::settings)
                .toList();
    }

    private static List<String> names(Path folder, Map<String, String> environment) {
        return values(folder, environment).stream()
                .map(given -> given.settings().name())
                .toList();
    }

    private static List<CatalogFiles.Given> values(Path folder, Map<String, String> environment) {
        var read = CatalogFiles.read(
                folder, name -> name.equals(SIMULATOR) ? "http://127.0.0.1:2/v1" : environment.get(name));
        assertThat(read).isInstanceOf(Values.class);
        return ((Values) read).providers();
    }
}

package dev.caravan.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.catalog.CatalogFiles.Values;
import dev.caravan.catalog.CatalogFiles.Wrong;
import dev.caravan.chat.WhenUnsupported;
import dev.caravan.reload.ConfigError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogFilesTest {

    private static final Path SHIPPED = Path.of("config");
    private static final Map<String, String> SIMULATOR = Map.of("caravan.simulator.url", "http://127.0.0.1:1/v1");

    @TempDir
    Path folder;

    @Test
    @DisplayName("A1 the files that ship give the simulator, and a preset only while its key is set")
    void readsTheShippedFiles() {
        var bare = values(CatalogFiles.read(SHIPPED, SIMULATOR::get));
        var keyed = values(CatalogFiles.read(
                SHIPPED,
                Map.of(
                        "caravan.simulator.url",
                        "http://127.0.0.1:1/v1",
                        "OPENAI_API_KEY",
                        "sk-1",
                        "OPENROUTER_API_KEY",
                        "")::get));

        assertThat(bare.providers())
                .extracting(given -> given.settings().name())
                .containsExactly("simulator");
        assertThat(bare.providers().getFirst().settings().models()).contains("sim-echo", "sim-small", "sim-large");
        assertThat(keyed.providers())
                .extracting(given -> given.settings().name())
                .containsExactly("simulator", "openai");
    }

    @Test
    @DisplayName("Base urls: the presets have theirs with /v1, openrouter with /api/v1")
    void baseUrls() {
        var all = values(CatalogFiles.read(SHIPPED, name -> name.endsWith("KEY") ? "sk-1" : SIMULATOR.get(name)));

        assertThat(all.providers())
                .extracting(given -> given.settings().baseUrl())
                .contains("https://api.openai.com/v1", "https://openrouter.ai/api/v1", "https://api.deepseek.com/v1");
    }

    @Test
    @DisplayName("A1 every simulated model has a price, so that cost is seen at once")
    void pricesOfTheSimulator() {
        var prices =
                new Prices(values(CatalogFiles.read(SHIPPED, SIMULATOR::get)).prices());

        assertThat(List.of("sim-echo", "sim-small", "sim-large"))
                .allMatch(model ->
                        prices.on(LocalDate.of(2026, 1, 1), "simulator", model).isPresent());
    }

    @Test
    @DisplayName("A1 every field of a provider and of a model is read")
    void readsEveryField() throws IOException {
        write("providers.yaml", """
                providers:
                  - name: one
                    type: vllm
                    base_url: http://${HOST:localhost}:8000/v1/
                    api_key: ${KEY}
                    enabled: false
                    priority: ${PRIORITY:7}
                    weight: 3
                    timeout: 500ms
                    models: [a, b]
                    default_model: a
                    retry: {max_retries: 1, initial_delay: 2s, max_delay: 2m, exponential_base: 1.5}
                    connect_timeout: 1s
                    idle_timeout: 20s
                    pool_timeout: 3s
                    max_connections: 50
                    unsupported: refuse
                """);
        write("models.yaml", """
                models:
                  - {name: "m:1", provider: one, path: up/m, max_tokens: 10, supported_tasks: [code],
                     fallbacks: [b], unsupported: drop,
                     parameters: {top_k: 5, seed: "5", on: true, ratio: 0.10, user: "${KEY}", extra: {a: [1, null, 'x"']}}}
                """);

        var values = values(CatalogFiles.read(folder, Map.of("KEY", "secret")::get));

        assertThat(values.providers().getFirst().settings())
                .isEqualTo(new ProviderSettings(
                        "one",
                        ProviderType.VLLM,
                        "http://localhost:8000/v1",
                        new Secret("secret"),
                        false,
                        7,
                        3,
                        Duration.ofMillis(500),
                        List.of("a", "b"),
                        "a",
                        new Retry(1, Duration.ofSeconds(2), Duration.ofMinutes(2), 1.5),
                        new Connections(Duration.ofSeconds(1), Duration.ofSeconds(20), Duration.ofSeconds(3), 50),
                        WhenUnsupported.REFUSE));
        assertThat(values.models())
                .containsExactly(new ModelSpec(
                        "m:1",
                        List.of(new ModelSpec.Served("one", "up/m")),
                        new ModelSettings(
                                10,
                                Map.of(
                                        "top_k", "5",
                                        "seed", "\"5\"",
                                        "on", "true",
                                        "ratio", "0.10",
                                        "user", "\"secret\"",
                                        "extra", "{\"a\":[1,null,\"x\\\"\"]}"),
                                WhenUnsupported.DROP),
                        List.of("code"),
                        List.of("b"),
                        0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{name: one, type: openai, api_key:sk-live-1}", "{name: one, api_key: '${sk-live-1}'}"})
    @DisplayName("A1 a key that stands in the wrong place is in no error")
    void tellsNoKey(String provider) throws IOException {
        write("providers.yaml", "providers:\n  - " + provider + "\n");

        assertThat(errors(CatalogFiles.read(folder, _ -> null)))
                .isNotEmpty()
                .noneSatisfy(error -> assertThat(error.toString()).contains("sk-live"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "base-url: http://h/v1  | 5 | unknown field 'base-url'; did you mean 'base_url'?",
                "priority: high         | 5 | 'priority' must be a whole number from 0 to 1000",
                "priority: 1001         | 5 | 'priority' must be a whole number from 0 to 1000",
                "weight: 1.5            | 5 | 'weight' must be a whole number",
                "enabled: maybe         | 5 | 'enabled' must be true or false",
                "timeout: soon          | 5 | such as 60, 60s, 500ms or 2m",
                "timeout: 0             | 5 | 'timeout' must be a duration greater than 0",
                "models: gpt            | 5 | 'models' must be a list",
                "api_key: ${MISSING}    | 5 | 'MISSING' is not set; set it, or give a default as in '${MISSING:default}'",
                "api_key: ${MISSING     | 5 | a '${' has no '}'",
                "retry: 3               | 5 | must be fields",
                "retry: {max_retry: 1}  | 5 | did you mean 'max_retries'?",
                "name: x                | 5 | 'name' stands here twice",
                "api_key: *alias        | 5 | ",
                "api_key: [x            | 5 | expected ',' or ']'",
            })
    @DisplayName("A1 what is wrong in a file is told with file, line and what would be right")
    void tellsWhatIsWrong(String line, int number, String message) throws IOException {
        write("providers.yaml", """
                providers:
                  - name: one
                    type: openai
                    base_url: http://h/v1
                    %s
                """.formatted(line.strip()));

        assertThat(errors(CatalogFiles.read(folder, _ -> null)))
                .anySatisfy(error -> assertThat(error.toString())
                        .startsWith(folder.resolve("providers.yaml") + ":" + number + ": ")
                        .contains(message == null ? "" : message));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{name: a:b, type: openai, base_url: http://h}   | 'name' must be",
                "{name: '12', type: openai, base_url: http://h}  | 'name' must be",
                "{name: one, type: cohere, base_url: http://h}   | the types are openai, openrouter, deepseek, vllm, llamacpp",
                "{name: one, type: openai, base_url: 'h:80/v1'}  | 'base_url' must be an absolute http or https url",
                "{name: one, type: openai, base_url: 'http://h?k=v'} | 'base_url' must be",
                "{name: one, type: openai}                       | 'base_url' is missing",
                "one                                             | must be fields",
            })
    @DisplayName("A1 Provider types: a provider that cannot be is refused")
    void refusesProviders(String item, String message) throws IOException {
        write("providers.yaml", "providers:\n  - " + item.strip() + "\n");

        assertThat(errors(CatalogFiles.read(folder, _ -> null))).anySatisfy(error -> {
            assertThat(error.line()).isEqualTo(2);
            assertThat(error.message()).contains(message);
        });
    }

    @Test
    @DisplayName("A1 a model names only providers of the file, and a price is given once for a day")
    void refusesStrangers() throws IOException {
        write("models.yaml", "models:\n  - name: m\n    providers:\n      - nobody\n");
        write("prices.yaml", """
                prices:
                  - {provider: '*', model: m, from: 2025-01-01, input: 1, output: 2}
                  - {provider: '*', model: m, from: 2025-01-01, input: 1, output: 2}
                  - {provider: '*', model: m, from: yesterday, input: 1, output: 2}
                """);

        assertThat(errors(CatalogFiles.read(folder, _ -> null)))
                .extracting(ConfigError::toString)
                .containsExactly(
                        folder + "/models.yaml:3: there is no provider 'nobody' in providers.yaml",
                        folder + "/prices.yaml:3: two prices of 'm' at '*' begin on 2025-01-01",
                        folder + "/prices.yaml:4: 'from' must be a date such as 2026-01-31");
    }

    @Test
    @DisplayName("A1 an empty file is not taken for an empty list")
    void refusesEmptyFiles() throws IOException {
        write("providers.yaml", "");

        assertThat(errors(CatalogFiles.read(folder, _ -> null))).hasSize(1);
    }

    @Test
    @DisplayName("A11 BASE_URL and API_KEY make the provider 'default'")
    void environment() {
        var values = values(
                CatalogFiles.read(folder, Map.of("BASE_URL", "http://h:1/v1/", "API_KEY", "secret-of-env")::get));

        assertThat(values.providers()).singleElement().satisfies(given -> {
            assertThat(given.source()).isEqualTo(ProviderSource.ENVIRONMENT);
            assertThat(given.settings().name()).isEqualTo("default");
            assertThat(given.settings().type()).isEqualTo(ProviderType.OPENAI_COMPATIBLE);
            assertThat(given.settings().baseUrl()).isEqualTo("http://h:1/v1");
            assertThat(given.settings().apiKey()).isEqualTo(new Secret("secret-of-env"));
        });
        assertThat(errors(CatalogFiles.read(folder, Map.of("BASE_URL", "nonsense")::get)))
                .singleElement()
                .satisfies(error -> assertThat(error.message()).contains("'BASE_URL' must be"));
    }

    @Test
    @DisplayName("A1 no key is ever part of a text")
    void showsNoKey() {
        var values = CatalogFiles.read(folder, Map.of("BASE_URL", "http://h/v1", "API_KEY", "secret-of-env")::get);

        assertThat(values.toString()).contains("default").doesNotContain("secret-of");
        assertThat(values(values).providers().getFirst().settings().withId(1).toString())
                .doesNotContain("secret-of");
    }

    private void write(String file, String text) throws IOException {
        Files.writeString(folder.resolve(file), text);
    }

    private static Values values(CatalogFiles.Result result) {
        assertThat(result).isInstanceOf(Values.class);
        return (Values) result;
    }

    private static List<ConfigError> errors(CatalogFiles.Result result) {
        assertThat(result).isInstanceOf(Wrong.class);
        return ((Wrong) result).errors();
    }
}

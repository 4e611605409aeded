package dev.caravan.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.catalog.Council.Check;
import dev.caravan.catalog.Council.Compare;
import dev.caravan.catalog.Council.Embeddings;
import dev.caravan.catalog.Council.Member;
import dev.caravan.catalog.Council.Mode;
import dev.caravan.catalog.Council.Strategy;
import dev.caravan.catalog.Council.Task;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Councils in {@code models.yaml}. */
class CouncilFilesTest {

    @TempDir
    private Path folder;

    @Test
    @DisplayName("A5 What is not said of a council has its usual value")
    void usual() throws IOException {
        var council = council("{models: [a, b, c]}");

        assertThat(council)
                .isEqualTo(new Council(
                        Mode.PARALLEL,
                        Strategy.VOTING,
                        List.of(member("a", 1), member("b", 1), member("c", 1)),
                        null,
                        null,
                        null,
                        3,
                        null,
                        64,
                        Compare.AUTO,
                        null,
                        null,
                        false));
        assertThat(council.quorumOrUsual()).isEqualTo(2);
        assertThat(council("{models: [a, b]}").quorumOrUsual()).isEqualTo(1);
        assertThat(council("{models: [a, b], strategy: consensus}").quorumOrUsual())
                .isEqualTo(2);
        assertThat(council("{models: [a], mode: sequential}").strategy()).isEqualTo(Strategy.ENSEMBLE);
    }

    @Test
    @DisplayName("A5 Everything that can be said of a council")
    void everything() throws IOException {
        var council = council("""
                {mode: parallel, strategy: consensus, models: [a, {model: b, weight: 2.5}], quorum: 2, deadline: 20s,
                 rounds: 5, max_cost: 0.05, concurrency: 1, compare: json, answers: true, embeddings: {model: v, alike: 0.7}}""");

        assertThat(council)
                .isEqualTo(new Council(
                        Mode.PARALLEL,
                        Strategy.CONSENSUS,
                        List.of(member("a", 1), member("b", 2.5)),
                        null,
                        2,
                        Duration.ofSeconds(20),
                        5,
                        new BigDecimal("0.05"),
                        1,
                        Compare.JSON,
                        new Embeddings("v", new BigDecimal("0.7")),
                        null,
                        true));
        assertThat(council("{models: [a], embeddings: v}").embeddings()).isEqualTo(Embeddings.of("v"));
        assertThat(council("{mode: pipeline, steps: [{model: a, task: code, params: {max_tokens: 5}}]}")
                        .members())
                .containsExactly(new Member("a", BigDecimal.ONE, new Task("code", Map.of("max_tokens", "5"))));
        assertThat(council("{mode: cascade, models: [a], check: {judge: b, score: 8}}"))
                .satisfies(cascade -> {
                    assertThat(cascade.check()).isEqualTo(new Check.Score("b", BigDecimal.valueOf(8)));
                    assertThat(cascade.models()).containsExactly("a", "b");
                });
        assertThat(council("{mode: cascade, models: [a], check: {json_schema: {type: object}}}")
                        .check())
                .isEqualTo(new Check.Schema("{\"type\":\"object\"}"));
    }

    @ParameterizedTest
    @DisplayName("A5 What is wrong with a council is told with its line")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{} | 'models' is missing",
                "{models: []} | 'models' must hold from 1 to 64 models",
                "{models: [a], quorum: 2} | 'quorum' must be a whole number from 1 to 1",
                "{models: [{model: a, weight: 0}]} | 'weight' must be greater than 0",
                "{models: [a], mode: chaos} | 'mode' must be one of parallel, sequential, pipeline, cascade",
                "{models: [a], strategy: dice} | 'strategy' must be one of voting, weighted, consensus, ensemble, selective",
                "{models: [a], quorom: 1} | did you mean 'quorum'?",
                "{models: [a, x]} | a council cannot be a member of itself, but x asks x",
                "{models: [a], strategy: selective, judge: x} | but x asks x",
                "{mode: cascade, models: [a], check: {judge: x}} | but x asks x",
                "{models: [a], embeddings: x} | 'x' is a council, and several models together have no vectors",
                "{models: [a], embeddings: {model: v, alike: 0}} | 'alike' must be greater than 0",
                "{models: [a], embeddings: {model: v, alike: 1.5}} | 'alike' must be a number from 0 to 1",
                "{models: [a], embeddings: {alike: 0.5}} | 'model' is missing",
                "{mode: cascade, models: [a], check: {agreement: true}, embeddings: v} | unknown field 'embeddings'"
            })
    void wrong(String council, String message) throws IOException {
        var result = read("models:\n  - name: x\n    council: " + council + "\n");

        assertThat(result)
                .isInstanceOfSatisfying(
                        CatalogFiles.Wrong.class,
                        wrong -> assertThat(wrong.errors()).anySatisfy(error -> {
                            assertThat(error.line()).isEqualTo(3);
                            assertThat(error.message()).contains(message);
                        }));
    }

    @Test
    @DisplayName("A5 A council has no provider of its own, nor what belongs to one")
    void fields() throws IOException {
        var result = read("models:\n  - name: x\n    provider: p\n    council: {models: [a]}\n");

        assertThat(result)
                .isInstanceOfSatisfying(
                        CatalogFiles.Wrong.class,
                        wrong -> assertThat(wrong.errors().getFirst().toString())
                                .contains("models.yaml:3: unknown field 'provider'"));
    }

    @Test
    @DisplayName("A5 Councils of councils are no cycle, however often they meet")
    void nested() throws IOException {
        var result = read("""
                models:
                  - {name: base, council: {models: [a]}}
                  - {name: left, council: {models: [base, a]}}
                  - {name: right, council: {models: [base]}}
                  - {name: top, council: {models: [left, right, left]}}
                """);

        assertThat(result).isInstanceOf(CatalogFiles.Values.class);
    }

    private Council council(String yaml) throws IOException {
        var result = read("models:\n  - name: x\n    council: " + yaml + "\n");
        assertThat(result).as(result.toString()).isInstanceOf(CatalogFiles.Values.class);
        var council = ((CatalogFiles.Values) result).models().getFirst().council();
        assertThat(council).isNotNull();
        return Objects.requireNonNull(council);
    }

    private CatalogFiles.Result read(String models) throws IOException {
        Files.writeString(folder.resolve("models.yaml"), models);
        return CatalogFiles.read(folder, Map.<String, String>of()::get);
    }

    private static Member member(String model, double weight) {
        return new Member(model, weight == 1 ? BigDecimal.ONE : BigDecimal.valueOf(weight), null);
    }
}

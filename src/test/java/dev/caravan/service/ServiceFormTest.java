package dev.caravan.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.catalog.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ServiceFormTest {

    private static final String GOOD = """
            description: A poem
            parameters:
              kind: {enum: [ode, haiku], default: ode}
              lines: {type: integer, minimum: 3}
            prompt: Write {task} of {lines} lines.
            result_by: kind
            results:
              ode: {task: an ode, schema: {type: object}}
              haiku: {task: a haiku, schema: {type: object}}
            long_documents: {context: 1000, answer: 100}
            """;

    static Stream<Path> shipped() throws IOException {
        try (var files = Files.list(Path.of("config/services"))) {
            return files.sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @DisplayName("A6 The services that come with the broker have no problem, and every result can be held to strictly")
    @MethodSource("shipped")
    void shipped(Path file) throws IOException {
        var problems = new Problems();

        var spec = ServiceForm.read("shipped", Files.readString(file), problems);

        assertThat(problems.all()).isEmpty();
        assertThat(spec.orElseThrow().results().values())
                .allMatch(result -> result.schema().isStrict());
    }

    @Test
    @DisplayName(
            "A6 What a file does not say has a default; a line with a blank for which there is nothing is left out")
    void defaults() {
        var spec = ServiceForm.read("poem", GOOD, new Problems()).orElseThrow();

        assertThat(spec.longDocuments().parallel()).isEqualTo(4);
        assertThat(spec.longDocuments().parts()).isEqualTo(64);
        assertThat(spec.instruction()).contains("{schema}");
        assertThat(PromptText.filled("Write {task}.\nIn {lines} lines.\nNow!", Map.of("task", "{lines}")))
                .isEqualTo("Write {lines}.\nNow!");
    }

    @ParameterizedTest
    @DisplayName("A6 F3 What is wrong in a file is told with its line")
    @CsvSource(
            delimiter = '|',
            value = {
                "description: A poem | descripton: A poem | 1 | unknown field 'descripton'; did you mean 'description'?",
                "default: ode | default: sonnet | 3 | 'default' is no value that the parameter may have",
                "default: ode | description: x | 6 | 'kind' needs a 'default', or must be 'required'",
                "minimum: 3 | minimum: three | 4 | 'lines' is no JSON Schema",
                "lines: { | model: { | 4 | 'model' is there in every service already",
                "lines: { | Lines: { | 4 | a parameter's name must be",
                "of {lines} lines | of {rows} lines | 5 | nothing fills '{rows}'; there are kind, lines, task",
                "result_by: kind | result_by: mood | 6 | 'result_by' must name one of the parameters",
                "haiku: {task | tanka: {task | 7 | 'results' must hold one for each value",
                "an ode, schema: {type: object} | an ode, schema: {type: text} | 8 | 'schema' is no JSON Schema",
                "an ode, schema: {type: object} | an ode, schema: {type: array} | 8 | a result is an object",
                "context: 1000 | context: 10 | 10 | 'context' must be a whole number from 256",
                "result_by: kind | 'request: {stream: true}\nresult_by: kind' | 6 | 'stream' can only be said by a request itself",
                "prompt: Write | prompt: [Write | 5 | not well-formed"
            })
    void wrong(String good, String bad, int line, String message) {
        var problems = new Problems();

        var spec = ServiceForm.read("poem", GOOD.replace(good, bad), problems);

        assertThat(spec).isEmpty();
        assertThat(problems.all()).anySatisfy(problem -> {
            assertThat(problem.message()).contains(message);
            assertThat(problem.line()).isEqualTo(line);
        });
    }
}

package dev.caravan.service;

import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the JSON object in a model's answer, whatever stands around it: Markdown, a sentence before, a remark behind. What
 * models get wrong most is read all the same: a comma too many, a line break within a text. No state.
 */
final class AnswerReader {

    /** So many beginnings of an object are tried. */
    private static final int TRIES = 50;

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
            .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
            .build();

    /**
     * What was found.
     *
     * @param object the object; null if there is none that satisfies the schema
     * @param problems why not; empty if there is one
     */
    record Reading(@Nullable ObjectNode object, List<String> problems) {}

    private AnswerReader() {}

    /** The first object in the answer that satisfies the schema; else what is wrong with the first one. */
    static Reading read(String answer, ResultSchema schema) {
        var problems = List.<String>of();
        var at = answer.indexOf('{');
        for (var tries = 0; at >= 0 && tries < TRIES; tries++) {
            var next = at + 1;
            try (var parser = JSON.createParser(answer.substring(at))) {
                if (JSON.readTree(parser) instanceof ObjectNode object) {
                    var lacking = schema.problems(object);
                    if (lacking.isEmpty()) {
                        return new Reading(object, lacking);
                    }
                    problems = problems.isEmpty() ? lacking : problems;
                    next = at + (int) parser.currentLocation().getCharOffset();
                }
            } catch (JsonEOFException e) {
                // what it begins is cut off: an object within it would be taken for the whole
                return new Reading(null, List.of("the JSON object has no end"));
            } catch (IOException e) {
                problems = problems.isEmpty() ? List.of("there is no well-formed JSON object in it") : problems;
            }
            at = answer.indexOf('{', next);
        }
        return new Reading(null, problems.isEmpty() ? List.of("there is no JSON object in it") : problems);
    }
}

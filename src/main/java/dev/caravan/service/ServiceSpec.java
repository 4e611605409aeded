package dev.caravan.service;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A service, as its file says. Immutable.
 *
 * @param name that of the file, and the end of the path
 * @param parameters what may be said beside the content, in order
 * @param prompt what the model is told, with blanks for parameters and for the task of the result
 * @param instruction how an answer's form is asked for in words
 * @param repair what is said to an answer that has not that form
 * @param resultBy the parameter that names the result; null where there is one result only
 * @param results by the value of that parameter; by an empty text where there is one only
 * @param longDocuments what is done where the content is too long for one question
 * @param request fields that each question has, unless the caller says them: their values as JSON, by name
 */
public record ServiceSpec(
        String name,
        String description,
        List<Parameter> parameters,
        String prompt,
        String instruction,
        String repair,
        @Nullable String resultBy,
        Map<String, Result> results,
        LongDocuments longDocuments,
        Map<String, String> request) {

    /** The parameter that every service has: who is asked. */
    public static final String MODEL = "model";

    /**
     * A parameter.
     *
     * @param schema which values it may have
     * @param required whether it must be said
     * @param byDefault what holds where it is not said; null: nothing
     */
    public record Parameter(
            String name,
            String description,
            ResultSchema schema,
            boolean required,
            @Nullable JsonNode byDefault) {}

    /**
     * What comes out of a service.
     *
     * @param task what fills the blank {@code task} of the prompts
     * @param schema the form of the result
     */
    public record Result(String task, ResultSchema schema) {}

    /**
     * How a content is read that is too long.
     *
     * @param context tokens of question and answer together, where a model's own {@code context_window} is not known
     * @param answer tokens of these that are left to the answer
     * @param parallel how many parts are read at once
     * @param parts how many parts there may be
     * @param prompt what is asked of each part
     */
    public record LongDocuments(int context, int answer, int parallel, int parts, String prompt) {}

    public ServiceSpec {
        parameters = List.copyOf(parameters);
        results = Collections.unmodifiableMap(new LinkedHashMap<>(results));
        request = Collections.unmodifiableMap(new LinkedHashMap<>(request));
    }

    /** The result that is asked for, where parameters have these values. */
    Result result(Map<String, JsonNode> values) {
        var wanted = resultBy == null ? null : values.get(resultBy);
        var result = results.get(wanted == null ? "" : wanted.asText());
        if (result == null) {
            throw new IllegalStateException("the form of the file lets no such value in");
        }
        return result;
    }
}

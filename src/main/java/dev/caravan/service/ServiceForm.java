package dev.caravan.service;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.catalog.Fields;
import dev.caravan.catalog.Node;
import dev.caravan.catalog.NodeReader;
import dev.caravan.catalog.Parameters;
import dev.caravan.catalog.Problems;
import dev.caravan.provider.openai.OpenAiForm;
import dev.caravan.service.ServiceSpec.LongDocuments;
import dev.caravan.service.ServiceSpec.Parameter;
import dev.caravan.service.ServiceSpec.Result;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Reads the file of a service. Whatever is wrong in it is told with its line. */
final class ServiceForm {

    private static final List<String> NAMES = List.of(
            "description",
            "parameters",
            "prompt",
            "result",
            "result_by",
            "results",
            "instruction",
            "repair",
            "long_documents",
            "request");
    private static final String TASK = "task";

    private static final String INSTRUCTION = """
            Answer with one JSON object and nothing else: no explanation, no Markdown. It must satisfy this JSON Schema:
            {schema}""";
    private static final String REPAIR = """
            That answer cannot be used: {problems}
            Answer again, with one JSON object and nothing else. It must satisfy this JSON Schema:
            {schema}""";
    private static final String PART = """
            You read part {part} of {parts} of a document that is too long to be read at once. Write down what this part says, \
            for somebody who will read your notes instead of it. Keep names, figures and dates as they stand there, add nothing, \
            and write the language of the document.
            What the notes are for: {task}""";

    private final Fields fields;
    private final String name;
    private final Set<String> blanks = new HashSet<>();

    private ServiceForm(Fields fields, String name) {
        this.fields = fields;
        this.name = name;
    }

    /**
     * Reads a file.
     *
     * @return nothing if something is wrong, which {@code problems} then tell
     */
    static Optional<ServiceSpec> read(String name, String text, Problems problems) {
        var spec = NodeReader.yaml(text, problems)
                .flatMap(root -> Fields.of(root, "", false, problems))
                .map(fields -> new ServiceForm(fields, name).spec());
        return problems.all().isEmpty() ? spec : Optional.empty();
    }

    private ServiceSpec spec() {
        fields.only(NAMES);
        fields.require("description");
        fields.require("prompt");
        var parameters = parameters();
        parameters.forEach(parameter -> blanks.add(parameter.name()));
        var results = results(parameters);
        blanks.add(TASK);
        return new ServiceSpec(
                name,
                fields.text("description").orElse(""),
                parameters,
                prompt(fields, "prompt", "", List.of()),
                prompt(fields, "instruction", INSTRUCTION, List.of("schema")),
                prompt(fields, "repair", REPAIR, List.of("problems", "schema")),
                fields.text("result_by").orElse(null),
                results,
                longDocuments(fields.section("long_documents")),
                Parameters.read(fields, "request"));
    }

    /** A prompt, whose blanks must be such as are filled. */
    private String prompt(Fields at, String field, String otherwise, List<String> more) {
        var prompt = at.text(field).orElse(otherwise);
        PromptText.blanks(prompt).stream()
                .filter(blank -> !blanks.contains(blank) && !more.contains(blank))
                .forEach(blank -> at.wrong(
                        field,
                        "nothing fills '{" + blank + "}'; there are "
                                + Stream.concat(blanks.stream(), more.stream())
                                        .sorted()
                                        .collect(Collectors.joining(", "))));
        return prompt;
    }

    private List<Parameter> parameters() {
        var parameters = new ArrayList<Parameter>();
        fields.section("parameters")
                .ifPresent(section -> section.members()
                        .keySet()
                        .forEach(each -> section.section(each)
                                .ifPresentOrElse(
                                        at -> parameters.add(parameter(section, each, at)),
                                        () -> section.require(each))));
        return parameters;
    }

    private static Parameter parameter(Fields section, String name, Fields at) {
        if (!name.matches("[a-z][a-z0-9_]{0,39}")) {
            section.wrong(name, "a parameter's name must be at most 40 of a-z, 0-9 and '_'");
        } else if (name.equals(ServiceSpec.MODEL) || name.equals(TASK)) {
            section.wrong(name, "'" + name + "' is there in every service already");
        }
        var schema = schema(section, name, parameterSchema(at));
        var required = at.flag("required").orElse(false);
        var byDefault = at.json("default").map(ServiceForm::value).orElse(null);
        if (byDefault != null && required) {
            at.wrong("default", "either 'required' or 'default', not both");
        }
        if (byDefault != null && schema != null && !schema.problems(byDefault).isEmpty()) {
            at.wrong("default", "'default' is no value that the parameter may have");
        }
        return new Parameter(
                name,
                at.text("description").orElse(""),
                schema == null ? ResultSchema.of("{}") : schema,
                required,
                byDefault);
    }

    /** What of a parameter is JSON Schema; without a type it is a text. */
    private static String parameterSchema(Fields at) {
        var members = new LinkedHashMap<String, Node.Member>();
        at.members().forEach((field, member) -> {
            if (!field.equals("description") && !field.equals("required") && !field.equals("default")) {
                members.put(field, member);
            }
        });
        if (!at.has("type") && !at.has("enum")) {
            var text = new Node.Scalar(at.line(), Node.Kind.TEXT, "string");
            members.put("type", new Node.Member(at.line(), text));
        }
        return Parameters.json(new Node.Mapping(at.line(), members));
    }

    private Map<String, Result> results(List<Parameter> parameters) {
        if (fields.has("result") == fields.has("results")) {
            fields.wrong(
                    fields.has("result") ? "results" : "result",
                    "either 'result' or 'results' must say what comes out of the service");
            return Map.of();
        }
        var results = new LinkedHashMap<String, Result>();
        if (fields.has("result")) {
            fields.section("result").ifPresent(at -> results.put("", result(at)));
            if (fields.has("result_by")) {
                fields.wrong("result_by", "'result_by' belongs to 'results'");
            }
            return results;
        }
        fields.section("results")
                .ifPresent(section -> section.members()
                        .keySet()
                        .forEach(each -> section.section(each)
                                .ifPresentOrElse(at -> results.put(each, result(at)), () -> section.require(each))));
        check(results, parameters);
        return results;
    }

    /** Whatever value the parameter may have, there is a result. */
    private void check(Map<String, Result> results, List<Parameter> parameters) {
        fields.require("result_by");
        var by = fields.text("result_by").orElse("");
        var parameter =
                parameters.stream().filter(each -> each.name().equals(by)).findFirst();
        if (parameter.isEmpty()) {
            fields.wrong("result_by", "'result_by' must name one of the parameters");
            return;
        }
        var values = StreamSupport.stream(
                        parameter.get().schema().json().path("enum").spliterator(), false)
                .map(JsonNode::asText)
                .collect(Collectors.toSet());
        if (!parameter.get().required() && parameter.get().byDefault() == null) {
            fields.wrong("result_by", "'" + by + "' needs a 'default', or must be 'required'");
        }
        if (!values.equals(results.keySet())) {
            fields.wrong("results", "'results' must hold one for each value in the 'enum' of '" + by + "'");
        }
    }

    private Result result(Fields at) {
        at.only(List.of(TASK, "schema"));
        at.require("schema");
        var schema = at.json("schema").map(json -> schema(at, "schema", json)).orElse(null);
        if (schema != null && !schema.json().path("type").asText().equals("object")) {
            at.wrong("schema", "a result is an object: 'type: object'");
        }
        return new Result(prompt(at, TASK, "", List.of()), schema == null ? ResultSchema.of("{}") : schema);
    }

    /** Null if it is none, which is told. */
    private static @Nullable ResultSchema schema(Fields at, String field, String json) {
        var objection = ResultSchema.objection(json);
        objection.ifPresent(why -> at.wrong(field, "'" + field + "' is no JSON Schema: " + why));
        return objection.isPresent() ? null : ResultSchema.of(json);
    }

    private LongDocuments longDocuments(Optional<Fields> section) {
        var more = List.of("part", "parts");
        if (section.isEmpty()) {
            return new LongDocuments(8192, 1024, 4, 64, PART);
        }
        var at = section.get();
        at.only(List.of("context", "answer", "parallel", "parts", "prompt"));
        var context = at.integer("context", 256, 100_000_000).orElse(8192);
        return new LongDocuments(
                context,
                at.integer("answer", 16, context / 2).orElse(Math.min(1024, context / 4)),
                at.integer("parallel", 1, 64).orElse(4),
                at.integer("parts", 1, 1000).orElse(64),
                prompt(at, "prompt", PART, more));
    }

    private static JsonNode value(String json) {
        return Objects.requireNonNull(OpenAiForm.tree("{\"value\":" + json + "}"))
                .path("value");
    }
}

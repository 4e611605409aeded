package dev.caravan.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.caravan.catalog.RouteSpec;
import dev.caravan.chat.ChatError;
import dev.caravan.chat.RawObject;
import dev.caravan.provider.openai.OpenAiForm;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What a caller wants of a service. Immutable.
 *
 * @param values of the parameters that were said or have a default
 * @param model who is asked
 * @param rest what each question has beside its messages, the model among it
 */
record Order(ServiceSpec spec, String content, Map<String, JsonNode> values, String model, RawObject rest) {

    /** What came of reading a body. */
    sealed interface Reading {}

    record Placed(Order order) implements Reading {}

    record Wrong(ChatError error) implements Reading {}

    private static final String CONTENT = "content";
    private static final String PARAMETERS = "parameters";

    /** What a service says itself. */
    private static final List<String> NOT_HERE = List.of(
            "model",
            "messages",
            "response_format",
            "n",
            "tools",
            "tool_choice",
            "functions",
            "function_call",
            "cooperation");

    /**
     * Reads a body.
     *
     * @param said the body, as a tree
     * @param body the same, as it was written
     */
    static Reading read(ServiceSpec spec, ObjectNode said, RawObject body) {
        var content = said.path(CONTENT);
        if (!content.isTextual() || content.textValue().isBlank()) {
            return wrong(CONTENT, "'content' must be there: the text that the service is to work on.");
        }
        var parameters = said.path(PARAMETERS);
        if (!parameters.isMissingNode() && !parameters.isNull() && !parameters.isObject()) {
            return wrong(PARAMETERS, "Invalid value for 'parameters': expected an object.");
        }
        return stray(said)
                .or(() -> objection(spec, parameters))
                .<Reading>map(Wrong::new)
                .orElseGet(() -> {
                    var named = parameters.path(ServiceSpec.MODEL);
                    var model = named.isTextual() ? named.textValue() : RouteSpec.AUTO;
                    return new Placed(new Order(
                            spec, content.textValue(), values(spec, parameters), model, rest(spec, model, said, body)));
                });
    }

    /** What stands in the body and must not. */
    private static Optional<ChatError> stray(ObjectNode said) {
        if (said.path("stream").asBoolean()) {
            return Optional.of(ChatError.invalid("stream", "A service is answered as a whole: leave 'stream' out."));
        }
        return NOT_HERE.stream()
                .filter(field -> said.hasNonNull(field))
                .findFirst()
                .map(field -> ChatError.invalid(
                        field,
                        field.equals("model")
                                ? "Name the model in 'parameters.model'."
                                : "Invalid field '" + field + "': a service says that itself."));
    }

    private static Optional<ChatError> objection(ServiceSpec spec, JsonNode given) {
        var model = given.path(ServiceSpec.MODEL);
        if (given.hasNonNull(ServiceSpec.MODEL)
                && (!model.isTextual() || model.textValue().isBlank())) {
            return Optional.of(invalid(ServiceSpec.MODEL, "expected the name of a model, a text"));
        }
        for (var parameter : spec.parameters()) {
            var value = given.path(parameter.name());
            if (value.isMissingNode() || value.isNull()) {
                if (parameter.required()) {
                    return Optional.of(ChatError.invalid(
                            param(parameter.name()),
                            "Missing parameter 'parameters." + parameter.name() + "'"
                                    + (parameter.description().isEmpty()
                                            ? "."
                                            : ": " + parameter.description() + ".")));
                }
                continue;
            }
            var problems = parameter.schema().problems(value);
            if (!problems.isEmpty()) {
                return Optional.of(invalid(parameter.name(), expected(parameter, problems.getFirst())));
            }
        }
        return unknown(spec, given);
    }

    private static Optional<ChatError> unknown(ServiceSpec spec, JsonNode given) {
        var names = Stream.concat(
                        Stream.of(ServiceSpec.MODEL), spec.parameters().stream().map(ServiceSpec.Parameter::name))
                .toList();
        return given.propertyStream()
                .map(Map.Entry::getKey)
                .filter(name -> !names.contains(name))
                .findFirst()
                .map(name -> ChatError.invalid(
                        param(name),
                        "There is no parameter '" + name + "'; '" + spec.name() + "' has " + String.join(", ", names)
                                + "."));
    }

    private static String expected(ServiceSpec.Parameter parameter, String problem) {
        var allowed = parameter.schema().json().path("enum");
        return allowed.isArray()
                ? "expected one of "
                        + StreamSupport.stream(allowed.spliterator(), false)
                                .map(JsonNode::asText)
                                .collect(Collectors.joining(", "))
                : problem.replaceFirst("^\\$:? ?", "");
    }

    private static Map<String, JsonNode> values(ServiceSpec spec, JsonNode given) {
        var values = new LinkedHashMap<String, JsonNode>();
        for (var parameter : spec.parameters()) {
            var value = given.path(parameter.name());
            var held = value.isMissingNode() || value.isNull() ? parameter.byDefault() : value;
            if (held != null) {
                values.put(parameter.name(), held);
            }
        }
        return values;
    }

    private static RawObject rest(ServiceSpec spec, String model, ObjectNode said, RawObject body) {
        var rest =
                body.edit().remove(CONTENT).remove(PARAMETERS).remove("stream").remove("stream_options");
        NOT_HERE.forEach(rest::remove);
        rest.set(ServiceSpec.MODEL, OpenAiForm.bytes(TextNode.valueOf(model)));
        spec.request().forEach((field, value) -> {
            if (!said.hasNonNull(field)) {
                rest.set(field, value);
            }
        });
        return OpenAiForm.raw(rest.toBytes()).orElseThrow();
    }

    private static Wrong wrong(String field, String message) {
        return new Wrong(ChatError.invalid(field, message));
    }

    private static ChatError invalid(String parameter, String why) {
        return ChatError.invalid(param(parameter), "Invalid value for 'parameters." + parameter + "': " + why + ".");
    }

    private static String param(String name) {
        return PARAMETERS + "." + name;
    }
}

package dev.caravan.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaId;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import com.networknt.schema.resource.DisallowSchemaLoader;
import dev.caravan.provider.openai.OpenAiForm;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** A JSON Schema of a result, or of a parameter. Immutable, thread-safe. */
public final class ResultSchema {

    private static final int TOLD = 10;

    /** Nothing that a schema refers to is fetched. */
    private static final JsonSchemaFactory SCHEMAS = JsonSchemaFactory.getInstance(
            VersionFlag.V202012,
            builder -> builder.schemaLoaders(loaders -> loaders.add(DisallowSchemaLoader.getInstance())));

    /** What every schema has to satisfy; it stands in the library's jar. */
    private static final JsonSchema OF_SCHEMAS =
            JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(SchemaLocation.of(SchemaId.V202012));

    private final ObjectNode json;
    private final JsonSchema schema;

    private ResultSchema(ObjectNode json) {
        this.json = json;
        this.schema = SCHEMAS.getSchema(json);
        schema.initializeValidators();
    }

    /** A schema to which there is no {@link #objection}. */
    static ResultSchema of(String json) {
        return new ResultSchema(tree(json));
    }

    /** What is wrong with a schema; nothing if it is one. */
    static Optional<String> objection(String json) {
        try {
            var tree = tree(json);
            var wrong = OF_SCHEMAS.validate(tree);
            new ResultSchema(tree).schema.validate(OpenAiForm.object());
            return wrong.stream().map(ValidationMessage::getMessage).findFirst();
        } catch (RuntimeException e) { // what the library throws for whatever is none
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** The schema as it is written; not to be changed. */
    public ObjectNode json() {
        return json;
    }

    /** What a value lacks to satisfy the schema, one sentence each, not more than ten; empty if it does. */
    List<String> problems(JsonNode value) {
        return schema.validate(value).stream()
                .map(ValidationMessage::getMessage)
                .limit(TOLD)
                .toList();
    }

    /**
     * Whether a provider can be made to hold to it: OpenAI's {@code strict} wants every property to be required, and no
     * others.
     *
     * @see <a href="https://platform.openai.com/docs/guides/structured-outputs#supported-schemas">what is supported</a>
     */
    boolean isStrict() {
        return isStrict(json);
    }

    private static boolean isStrict(JsonNode node) {
        if (node.isObject() && node.has("properties")) {
            var required = new HashSet<String>();
            node.path("required").forEach(name -> required.add(name.asText()));
            var names = new HashSet<String>();
            node.path("properties").fieldNames().forEachRemaining(names::add);
            if (!required.equals(names)
                    || !node.path("additionalProperties").isBoolean()
                    || node.path("additionalProperties").asBoolean()) {
                return false;
            }
        }
        return StreamSupport.stream(node.spliterator(), false).allMatch(ResultSchema::isStrict);
    }

    private static ObjectNode tree(String json) {
        return Objects.requireNonNull(OpenAiForm.tree(json), "no JSON object");
    }
}

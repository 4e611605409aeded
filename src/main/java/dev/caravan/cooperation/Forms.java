package dev.caravan.cooperation;

import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaId;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import com.networknt.schema.resource.DisallowSchemaLoader;
import dev.caravan.provider.openai.OpenAiForm;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/** Whether an answer has a form. No state. */
final class Forms {

    /** So much looking an expression may do: one that never comes to an end is not satisfied. */
    private static final int LONGEST_LOOK = 5_000_000;

    /** Schemas come with requests: nothing that they refer to is fetched. */
    private static final JsonSchemaFactory SCHEMAS = JsonSchemaFactory.getInstance(
            VersionFlag.V202012,
            builder -> builder.schemaLoaders(loaders -> loaders.add(DisallowSchemaLoader.getInstance())));

    /** What every schema has to satisfy; it stands in the library's jar. */
    private static final JsonSchema OF_SCHEMAS =
            JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(SchemaLocation.of(SchemaId.V202012));

    private Forms() {}

    /** Whether the answer is JSON that satisfies a schema. */
    static boolean satisfies(String answer, String schema) {
        return BallotReader.object(answer)
                .map(object -> schema(schema).validate(object).isEmpty())
                .orElse(false);
    }

    /** What is wrong with a schema; nothing if it is one. */
    static Optional<String> objection(String schema) {
        try {
            var wrong = OF_SCHEMAS.validate(Objects.requireNonNull(OpenAiForm.tree(schema)));
            schema(schema).validate(OpenAiForm.object());
            return wrong.stream().map(ValidationMessage::getMessage).findFirst();
        } catch (RuntimeException e) { // what the library throws for whatever is none
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private static JsonSchema schema(String json) {
        return SCHEMAS.getSchema(Objects.requireNonNull(OpenAiForm.tree(json)));
    }

    /** Whether an expression finds something in the answer. */
    static boolean matches(String answer, String regex) {
        try {
            return Pattern.compile(regex)
                    .matcher(new Looked(answer, new int[1]))
                    .find();
        } catch (TooLong | StackOverflowError e) {
            return false;
        }
    }

    /** A text that counts how often it is looked at. */
    private record Looked(String text, int[] looks) implements CharSequence {

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            if (looks[0]++ > LONGEST_LOOK) {
                throw new TooLong();
            }
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new Looked(text.substring(start, end), looks);
        }

        @Override
        public String toString() {
            return text;
        }
    }

    private static final class TooLong extends RuntimeException {
        private static final long serialVersionUID = 1;
    }
}

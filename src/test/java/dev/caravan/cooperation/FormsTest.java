package dev.caravan.cooperation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class FormsTest {

    private static final String SCHEMA =
            "{\"type\":\"object\",\"required\":[\"city\"],\"properties\":{\"city\":{\"type\":\"string\"}}}";

    @Test
    @DisplayName("A5 An answer satisfies a schema, in Markdown too, or it does not")
    void schemas() {
        assertThat(Forms.satisfies("{\"city\":\"Paris\"}", SCHEMA)).isTrue();
        assertThat(Forms.satisfies("```json\n{\"city\":\"Paris\"}\n```", SCHEMA))
                .isTrue();
        assertThat(Forms.satisfies("{\"city\":1}", SCHEMA)).isFalse();
        assertThat(Forms.satisfies("Paris", SCHEMA)).isFalse();
        assertThat(Forms.objection(SCHEMA)).isEmpty();
    }

    @Test
    @DisplayName("A5 What a schema refers to elsewhere is not fetched")
    void noFetching() {
        assertThat(Forms.objection("{\"$ref\":\"http://127.0.0.1:9/schema.json\"}"))
                .isPresent();
    }

    @Test
    @DisplayName("A5 An expression finds something, or not, or never comes to an end, which counts as not")
    void expressions() {
        assertThat(Forms.matches("It is 42.", "\\d+")).isTrue();
        assertThat(Forms.matches("It is.", "\\d+")).isFalse();
        assertThat(Forms.matches("a".repeat(40) + "b", "(a+)+c")).isFalse();
        assertThat(Forms.matches("ab".repeat(50_000), "(a|b)*c")).isFalse();
    }
}

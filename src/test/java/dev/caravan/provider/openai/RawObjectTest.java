package dev.caravan.provider.openai;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.chat.RawObject;
import java.io.IOException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RawObjectTest {

    private static final String WRITTEN =
            "{ \"a\" : 1.50 ,\n\t\"b\\u00e9\": {\"x\" : [1, 2]}, \"ü\":\"🐫 \\\" }\",\"n\":null , \"e\":-0.0E+2 }";

    @Test
    @DisplayName("B1 Every member is found, with the literal text of its value")
    void literalValues() throws IOException {
        var object = object(WRITTEN);

        assertThat(object.names()).containsExactly("a", "bé", "ü", "n", "e");
        assertThat(object.value("a")).hasValue("1.50");
        assertThat(object.value("bé")).hasValue("{\"x\" : [1, 2]}");
        assertThat(object.value("ü")).hasValue("\"🐫 \\\" }\"");
        assertThat(object.value("n")).hasValue("null");
        assertThat(object.value("e")).hasValue("-0.0E+2");
        assertThat(object.value("x")).isEmpty();
        assertThat(object.has("n")).isTrue();
        assertThat(object.toBytes()).asString(UTF_8).isEqualTo(WRITTEN);
        assertThat(object).hasToString("RawObject[a, bé, ü, n, e]");
    }

    @Test
    @DisplayName("B1 A changed copy keeps what is not touched, in its place and to the byte")
    void edits() throws IOException {
        assertThat(edited(WRITTEN, object(WRITTEN).edit()))
                .isEqualTo(
                        "{\"a\" : 1.50,\"b\\u00e9\": {\"x\" : [1, 2]},\"ü\":\"🐫 \\\" }\",\"n\":null,\"e\":-0.0E+2}");
        assertThat(edited(
                        "{\"a\":1,\"b\":2,\"c\":3}",
                        object("{\"a\":1,\"b\":2,\"c\":3}")
                                .edit()
                                .set("b", "[]")
                                .set("z", "\"ü\"")))
                .isEqualTo("{\"a\":1,\"b\":[],\"c\":3,\"z\":\"ü\"}");
    }

    @Test
    @DisplayName("B1 Members can be removed: the first, the last, all, one that is not there")
    void removals() throws IOException {
        var abc = "{\"a\":1,\"b\":2,\"c\":3}";
        assertThat(edited(abc, object(abc).edit().remove("a"))).isEqualTo("{\"b\":2,\"c\":3}");
        assertThat(edited(abc, object(abc).edit().remove("c"))).isEqualTo("{\"a\":1,\"b\":2}");
        assertThat(edited(abc, object(abc).edit().remove("x"))).isEqualTo(abc);
        assertThat(edited(abc, object(abc).edit().remove("a").remove("b").remove("c")))
                .isEqualTo("{}");
        assertThat(edited(
                        abc,
                        object(abc).edit().remove("a").remove("b").remove("c").set("d", "4")))
                .isEqualTo("{\"d\":4}");
    }

    @Test
    @DisplayName("B1 What is said last of a member holds")
    void lastWordHolds() throws IOException {
        var ab = "{\"a\":1,\"b\":2}";
        assertThat(edited(ab, object(ab).edit().set("a", "9").remove("a"))).isEqualTo("{\"b\":2}");
        assertThat(edited(ab, object(ab).edit().remove("a").set("a", "9"))).isEqualTo("{\"a\":9,\"b\":2}");
        assertThat(edited(ab, object(ab).edit().set("c", "3").remove("c"))).isEqualTo(ab);
    }

    @Test
    @DisplayName("B1 An empty object takes members, and a name that needs escapes is a bug")
    void emptyAndEscapes() throws IOException {
        assertThat(edited("{}", object(" {\n} ").edit().set("a", "1"))).isEqualTo("{\"a\":1}");
        assertThatThrownBy(() -> object("{}").edit().set("a\"b", "1")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @DisplayName("B1 A text that is not one object in UTF-8 is refused: two readers must not read two things in it")
    void refusals() {
        assertThatThrownBy(() -> object("[1]")).hasMessage("it is not a JSON object");
        assertThatThrownBy(() -> object("")).hasMessage("it is not a JSON object");
        assertThatThrownBy(() -> object("{} {}")).hasMessage("something follows its end");
        assertThatThrownBy(() -> object("{\"a\":1,\"\\u0061\":2}")).hasMessage("the field 'a' stands in it twice");
        assertThatThrownBy(() -> Json.walk("{\"a\":1}".getBytes(UTF_16), (_, parser) -> parser.skipChildren()))
                .hasMessage("it is not written in UTF-8");
    }

    @Test
    @DisplayName("B1 A byte order mark before the object shifts no member")
    void byteOrderMark() throws IOException {
        var object = object("\uFEFF{\"a\":12,\"b\":true}");

        assertThat(object.value("a")).hasValue("12");
        assertThat(object.value("b")).hasValue("true");
        assertThat(object.edit().set("a", "3").toBytes()).asString(UTF_8).isEqualTo("{\"a\":3,\"b\":true}");
    }

    private static String edited(String original, RawObject.Edit edit) throws IOException {
        var text = new String(edit.toBytes(), UTF_8);
        assertThat(object(text).toBytes())
                .as("an edit of %s", original)
                .asString(UTF_8)
                .isEqualTo(text);
        return text;
    }

    private static RawObject object(String json) throws IOException {
        return Json.walk(json.getBytes(UTF_8), (_, parser) -> parser.skipChildren());
    }
}

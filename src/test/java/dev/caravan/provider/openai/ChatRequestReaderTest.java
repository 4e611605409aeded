package dev.caravan.provider.openai;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.chat.ChatError;
import dev.caravan.chat.ChatRequest;
import dev.caravan.chat.ErrorCode;
import dev.caravan.chat.Extensions;
import dev.caravan.provider.openai.ChatRequestReader.Invalid;
import dev.caravan.provider.openai.ChatRequestReader.Valid;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChatRequestReaderTest {

    @ParameterizedTest(name = "B10 {0} is refused at {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "temperature":2.1            | temperature | expected a number between 0 and 2, but got 2.1
            "temperature":"hot"          | temperature | expected a number between 0 and 2, but got the string 'hot'
            "top_p":-0.1                 | top_p | expected a number between 0 and 1, but got -0.1
            "frequency_penalty":3        | frequency_penalty | expected a number between -2 and 2, but got 3
            "presence_penalty":[]        | presence_penalty | expected a number between -2 and 2, but got a list
            "max_tokens":0               | max_tokens | expected a whole number of at least 1, but got 0
            "max_tokens":1.5             | max_tokens | expected a whole number of at least 1, but got 1.5
            "max_completion_tokens":-1   | max_completion_tokens | expected a whole number of at least 1, but got -1
            "n":0                        | n | expected a whole number between 1 and 128, but got 0
            "n":129                      | n | expected a whole number between 1 and 128, but got 129
            "seed":9223372036854775808   | seed | but got 9223372036854775808
            "logprobs":"yes"             | logprobs | expected true or false, but got the string 'yes'
            "top_logprobs":21            | top_logprobs | expected a whole number between 0 and 20, but got 21
            "parallel_tool_calls":1      | parallel_tool_calls | expected true or false, but got 1
            "stop":5                     | stop | expected a string or a list of strings, but got 5
            "stop":["a",{}]              | stop | expected a string or a list of strings, but got an object
            "user":7                     | user | expected a string, but got 7
            "logit_bias":[]              | logit_bias | expected an object, but got a list
            "response_format":"json"     | response_format | expected an object, but got the string 'json'
            "metadata":true              | metadata | expected an object, but got true
            "tools":{}                   | tools | expected a list, but got an object
            "stream":"true"              | stream | expected true or false, but got the string 'true'
            "stream_options":{}          | stream_options | only allowed when 'stream' is true
            "stream":true,"stream_options":[] | stream_options | expected an object, but got a list
            "stream":true,"stream_options":{"include_usage":1} | stream_options.include_usage | but got 1
            "provider":5                 | provider | expected a string, but got 5
            "fallback_providers":"a"     | fallback_providers | expected a list of provider names
            "fallback_providers":["a",1] | fallback_providers[1] | expected a string, but got 1
            "timeout":0                  | timeout | expected a number of seconds above 0 and at most 86400, but got 0
            "timeout":86401              | timeout | expected a number of seconds above 0 and at most 86400
            "timeout":"5s"               | timeout | but got the string '5s'
            "retry_count":11             | retry_count | expected a whole number between 0 and 10, but got 11
            "retry_count":-1             | retry_count | expected a whole number between 0 and 10, but got -1
            """)
    void refusedFields(String field, String param, String message) {
        var error = refused("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]," + field + "}");

        assertThat(error.param()).isEqualTo(param);
        assertThat(error.message()).contains("'" + param + "'", message);
    }

    @ParameterizedTest(name = "B10 messages {0} are refused at {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            []                                     | messages | at least one message, but the list is empty
            {}                                     | messages | expected a list of messages, but got an object
            null                                   | messages | expected a list of messages, but got null
            ["hi"]                                 | messages[0] | expected an object with 'role' and 'content'
            [{"content":"x"}]                      | messages[0].role | expected one of 'system', 'developer'
            [{"role":"robot","content":"x"}]       | messages[0].role | but got the string 'robot'
            [{"role":null,"content":"x"}]          | messages[0].role | but got null
            [{"role":"user"}]                      | messages[0].content | a message of the role 'user' needs it
            [{"role":"user","content":null}]       | messages[0].content | a message of the role 'user' needs it
            [{"role":"tool","tool_calls":[]}]      | messages[0].content | a message of the role 'tool' needs it
            [{"role":"assistant"}]                 | messages[0].content | a message of the role 'assistant' needs it
            [{"role":"user","content":5}]          | messages[0].content | expected a string or a list of content parts
            [{"role":"user","content":{"a":1}}]    | messages[0].content | but got an object
            [{"role":"user","content":["x"]}]      | messages[0].content[0] | expected an object with a 'type'
            [{"role":"user","content":"x"},{"role":"user","content":[{"type":"text"},7]}] | messages[1].content[1] | got 7
            """)
    void refusedMessages(String messages, String param, String message) {
        var error = refused("{\"model\":\"m\",\"messages\":" + messages + "}");

        assertThat(error.param()).isEqualTo(param);
        assertThat(error.message()).contains(param, message);
    }

    @ParameterizedTest(name = "B10 the body {0} is refused")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"messages":[{"role":"user","content":"x"}]} | model | Missing field 'model'
            {"model":" ","messages":[]}                  | messages | the list is empty
            {"model":5}                                  | model | expected a string, but got 5
            {"model":null}                               | model | expected a string, but got null
            {"model":"m"}                                | messages | Missing field 'messages'
            {"model":"m","model":"n"}                    |  | the field 'model' stands in it twice
            {"model":"m"} x                              |  | not valid JSON
            []                                           |  | must be one JSON object
            "hi"                                         |  | must be one JSON object
            {"model":                                    |  | not valid JSON
            {model:"m"}                                  |  | not valid JSON
            """)
    void refusedBodies(String body, String param, String message) {
        var error = refused(body);

        assertThat(error.param()).isEqualTo(param);
        assertThat(error.message()).contains(message);
    }

    @Test
    @DisplayName("B10 A body that is nothing, too deep, or not in UTF-8 is refused with a sentence")
    void refusedBytes() {
        assertThat(refused("").message()).contains("must be one JSON object");
        assertThat(refused("{\"a\":" + "[".repeat(5000)).message()).contains("nested too deeply");
        assertThat(refused("{\"seed\":" + "9".repeat(2000) + "}").message()).contains("too long a value");
        assertThat(refused("{\"model\":\"ü\"}".getBytes(ISO_8859_1)).message()).contains("not valid JSON");
        assertThat(refused("{\"model\":\"m\"}".getBytes(UTF_16LE)).message()).contains("not written in UTF-8");
    }

    @Test
    @DisplayName("B1 An explicit null is read as if the field were not there")
    void nulls() {
        var request = valid("""
                {"model":"m","messages":[{"role":"assistant","content":null,"refusal":"no"}],"temperature":null,"stop":null,
                "stream":null,"stream_options":null,"provider":null,"fallback_providers":null,"timeout":null,
                "retry_count":null,"tools":null}""");

        assertThat(request.stream()).isFalse();
        assertThat(request.extensions()).isEqualTo(Extensions.NONE);
    }

    @Test
    @DisplayName("C2 What is said to the broker is read")
    void extensions() {
        var request = valid("""
                {"model":"m","messages":[{"role":"user","content":""}],"stream":true,"stream_options":{"include_usage":true},
                "provider":"a","fallback_providers":["b","c"],"timeout":1.5,"retry_count":0}""");

        assertThat(request.includeUsage()).isTrue();
        assertThat(request.extensions().provider()).isEqualTo("a");
        assertThat(request.extensions().fallbackProviders()).isEqualTo(List.of("b", "c"));
        assertThat(request.extensions().timeout()).isEqualTo(Duration.ofMillis(1500));
        assertThat(request.extensions().retryCount()).isZero();
    }

    @Test
    @DisplayName("B1 The limits of the numbers are allowed, however they are written")
    void limits() {
        valid("""
                {"model":"m","messages":[{"role":"developer","content":[]}],"temperature":2.0e0,"top_p":0,"n":128,
                "seed":-9223372036854775808,"top_logprobs":0,"max_tokens":1,"stop":[],"timeout":86400,"retry_count":10}""");
    }

    private static ChatRequest valid(String json) {
        assertThat(ChatRequestReader.read(json.getBytes(UTF_8))).isInstanceOf(Valid.class);
        return ((Valid) ChatRequestReader.read(json.getBytes(UTF_8))).request();
    }

    private static ChatError refused(String json) {
        return refused(json.getBytes(UTF_8));
    }

    private static ChatError refused(byte[] json) {
        var reading = ChatRequestReader.read(json);
        assertThat(reading).isInstanceOf(Invalid.class);
        var error = ((Invalid) reading).error();
        assertThat(error.code()).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(error.status()).isEqualTo(400);
        return error;
    }
}

package dev.caravan.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;

/** Reads answers in JSON. */
final class Errors {

    private static final ObjectMapper JSON = new ObjectMapper();

    private Errors() {}

    /** The error object of a response with this status and code. */
    static JsonNode error(HttpResponse<String> response, int status, String code) {
        var error = json(response.body()).path("error");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(error.path("code").asText()).as(response.body()).isEqualTo(code);
        return error;
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError("not JSON: " + text, e);
        }
    }
}

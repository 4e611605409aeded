package dev.caravan.http;

import static dev.caravan.http.Errors.json;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.testing.Providers;
import dev.caravan.testing.RunningBroker;
import dev.caravan.testing.ScriptedUpstream;
import java.net.http.HttpResponse;

/** Asks the shared broker for the summary of a document, and says what models say to that. */
final class Analysis {

    static final String PATH = "/v1/services/document_analysis";

    /** A result in its form. */
    static final String SUMMARY = "{\"summary\":\"Short.\",\"key_points\":[\"One\"]}";

    private static final ObjectMapper JSON = new ObjectMapper();

    private Analysis() {}

    /** @param more more fields, each after a comma */
    static HttpResponse<String> summary(String model, String content, String more) {
        return RunningBroker.shared().post(PATH, body(model, content, more));
    }

    static String body(String model, String content, String more) {
        return "{\"content\":" + JSON.getNodeFactory().textNode(content)
                + ",\"parameters\":{\"analysis_type\":\"summary\",\"model\":\"" + model + "\"}" + more + "}";
    }

    /** A model that says this, whatever characters it holds. */
    static ScriptedUpstream.Script answers(String text) {
        return call -> call.json(200, said(text));
    }

    static String said(String text) {
        var completion = (ObjectNode) json(Providers.completion(""));
        ((ObjectNode) completion.at("/choices/0/message")).put("content", text);
        return completion.toString();
    }

    /** Of 23 tokens each, or thereabouts. */
    static String paragraphs(int count) {
        return "The quick brown fox of Lisbon sold 120 barrels of oil on 3 May 2024. Nobody came.\n\n".repeat(count);
    }

    /** The request's id. */
    static String id(HttpResponse<String> response) {
        return response.headers().firstValue("x-request-id").orElseThrow();
    }
}

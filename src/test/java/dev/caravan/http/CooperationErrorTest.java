package dev.caravan.http;

import static dev.caravan.http.Errors.error;
import static dev.caravan.testing.Providers.chat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.RunningBroker;
import java.net.http.HttpRequest;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What may be wrong with a request for several models. */
class CooperationErrorTest {

    private static final String QUESTION = "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]";

    private final RunningBroker broker = RunningBroker.shared();

    @ParameterizedTest
    @DisplayName("A5 B10 Bad input is a 400 that names the field")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{} | cooperation.models",
                "{\"models\":[]} | cooperation.models",
                "{\"models\":\"sim-echo\"} | cooperation.models",
                "{\"models\":[\"nobody\"]} | cooperation.models[0]",
                "{\"models\":[\"\"]} | cooperation.models[0]",
                "{\"models\":[5]} | cooperation.models[0]",
                "{\"models\":[\"sim-echo\",{\"weight\":2}]} | cooperation.models[1].model",
                "{\"models\":[\"sim-echo\",{\"model\":\"nobody\"}]} | cooperation.models[1].model",
                "{\"models\":[{\"model\":\"sim-echo\",\"weight\":0}]} | cooperation.models[0].weight",
                "{\"models\":[{\"model\":\"sim-echo\",\"weight\":-1}]} | cooperation.models[0].weight",
                "{\"models\":[{\"model\":\"sim-echo\",\"weight\":\"2\"}]} | cooperation.models[0].weight",
                "{\"models\":[{\"model\":\"sim-echo\",\"wait\":2}]} | cooperation.models[0].wait",
                "{\"models\":[\"sim-echo\"],\"mode\":\"chaos\"} | cooperation.mode",
                "{\"models\":[\"sim-echo\"],\"mode\":5} | cooperation.mode",
                "{\"models\":[\"sim-echo\"],\"strategy\":\"dice\"} | cooperation.strategy",
                "{\"models\":[\"sim-echo\"],\"integration_strategy\":\"dice\"} | cooperation.integration_strategy",
                "{\"models\":[\"sim-echo\"],\"mode\":\"sequential\",\"strategy\":\"voting\"} | cooperation.strategy",
                "{\"models\":[\"sim-echo\"],\"quorum\":2} | cooperation.quorum",
                "{\"models\":[\"sim-echo\"],\"quorum\":0} | cooperation.quorum",
                "{\"models\":[\"sim-echo\"],\"quorum\":1.5} | cooperation.quorum",
                "{\"models\":[\"sim-echo\"],\"deadline\":0} | cooperation.deadline",
                "{\"models\":[\"sim-echo\"],\"deadline\":\"5s\"} | cooperation.deadline",
                "{\"models\":[\"sim-echo\"],\"rounds\":2} | cooperation.rounds",
                "{\"models\":[\"sim-echo\"],\"strategy\":\"consensus\",\"rounds\":0} | cooperation.rounds",
                "{\"models\":[\"sim-echo\"],\"max_cost\":0} | cooperation.max_cost",
                "{\"models\":[\"sim-echo\"],\"max_cost\":\"1\"} | cooperation.max_cost",
                "{\"models\":[\"sim-echo\"],\"concurrency\":0} | cooperation.concurrency",
                "{\"models\":[\"sim-echo\"],\"judge\":\"sim-echo\"} | cooperation.judge",
                "{\"models\":[\"sim-echo\"],\"strategy\":\"selective\",\"judge\":\"nobody\"} | cooperation.judge",
                "{\"models\":[\"sim-echo\"],\"compare\":\"taste\"} | cooperation.compare",
                "{\"models\":[\"sim-echo\"],\"embeddings\":\"nobody\"} | cooperation.embeddings",
                "{\"models\":[\"sim-echo\"],\"embeddings\":\"\"} | cooperation.embeddings",
                "{\"models\":[\"sim-echo\"],\"embeddings\":5} | cooperation.embeddings",
                "{\"models\":[\"sim-echo\"],\"embeddings\":[\"sim-embed\"]} | cooperation.embeddings",
                "{\"models\":[\"sim-echo\"],\"embeddings\":{\"alike\":0.5}} | cooperation.embeddings.model",
                "{\"models\":[\"sim-echo\"],\"embeddings\":{\"model\":\"nobody\"}} | cooperation.embeddings.model",
                "{\"models\":[\"sim-echo\"],\"embeddings\":{\"model\":\"sim-embed\",\"alike\":0}} | cooperation.embeddings.alike",
                "{\"models\":[\"sim-echo\"],\"embeddings\":{\"model\":\"sim-embed\",\"alike\":1.1}} | cooperation.embeddings.alike",
                "{\"models\":[\"sim-echo\"],\"embeddings\":{\"model\":\"sim-embed\",\"like\":1}} | cooperation.embeddings.like",
                "{\"mode\":\"cascade\",\"models\":[\"sim-echo\"],\"check\":{\"agreement\":true},\"embeddings\":\"sim-embed\"} | cooperation.embeddings",
                "{\"models\":[\"sim-echo\"],\"answers\":1} | cooperation.answers",
                "{\"models\":[\"sim-echo\"],\"model\":[\"sim-echo\"]} | cooperation.model",
                "{\"mode\":\"pipeline\"} | cooperation.steps",
                "{\"mode\":\"pipeline\",\"steps\":[]} | cooperation.steps",
                "{\"mode\":\"pipeline\",\"models\":[\"sim-echo\"]} | cooperation.models",
                "{\"mode\":\"pipeline\",\"steps\":[\"sim-echo\"]} | cooperation.steps[0]",
                "{\"mode\":\"pipeline\",\"steps\":[{\"model\":\"sim-echo\"}]} | cooperation.steps[0].task",
                "{\"mode\":\"pipeline\",\"steps\":[{\"task\":\"summary\"}]} | cooperation.steps[0].model",
                "{\"mode\":\"pipeline\",\"steps\":[{\"model\":\"nobody\",\"task\":\"summary\"}]} | cooperation.steps[0].model",
                "{\"mode\":\"pipeline\",\"steps\":[{\"model\":\"sim-echo\",\"task\":\"magic\"}]} | cooperation.steps[0].task",
                "{\"mode\":\"pipeline\",\"steps\":[{\"model\":\"sim-echo\",\"task\":\"../cooperation/pick\"}]} | cooperation.steps[0].task",
                "{\"mode\":\"pipeline\",\"pipeline_config\":[{\"model\":\"sim-echo\",\"task\":\"code\",\"params\":{\"temperature\":9}}]} | cooperation.pipeline_config[0].params.temperature",
                "{\"mode\":\"pipeline\",\"steps\":[{\"model\":\"sim-echo\",\"task\":\"code\",\"params\":{\"model\":\"x\"}}]} | cooperation.steps[0].params.model",
                "{\"mode\":\"pipeline\",\"steps\":[{\"model\":\"sim-echo\",\"task\":\"code\"}],\"quorum\":1} | cooperation.quorum",
                "{\"mode\":\"cascade\",\"models\":[\"sim-echo\"]} | cooperation.check",
                "{\"mode\":\"cascade\",\"models\":[\"sim-echo\"],\"check\":{}} | cooperation.check",
                "{\"mode\":\"cascade\",\"models\":[\"sim-echo\"],\"check\":{\"agreement\":true,\"judge\":\"sim-echo\"}} | cooperation.check",
                "{\"mode\":\"cascade\",\"models\":[\"sim-echo\"],\"check\":{\"pattern\":\"(\"}} | cooperation.check.pattern",
                "{\"mode\":\"cascade\",\"models\":[\"sim-echo\"],\"check\":{\"judge\":\"nobody\"}} | cooperation.check.judge",
                "{\"mode\":\"cascade\",\"models\":[\"sim-echo\"],\"check\":{\"judge\":\"sim-echo\",\"score\":11}} | cooperation.check.score",
                "{\"mode\":\"cascade\",\"models\":[\"sim-echo\"],\"check\":{\"json_schema\":{\"type\":7}}} | cooperation.check.json_schema",
                "{\"mode\":\"cascade\",\"models\":[\"sim-echo\"],\"check\":{\"json_schema\":{\"$ref\":\"http://127.0.0.1:9/s\"}}} | cooperation.check.json_schema",
                "{\"mode\":\"cascade\",\"models\":[\"sim-echo\"],\"strategy\":\"voting\",\"check\":{\"agreement\":true}} | cooperation.strategy",
                "[] | cooperation",
                "5 | cooperation"
            })
    void names(String cooperation, String param) {
        var error = error(
                broker.post("/v1/chat/completions", chat("some-name", "\"cooperation\":" + cooperation)),
                400,
                "invalid_request");

        assertThat(error.path("param").asText()).as(error.toString()).isEqualTo(param);
        assertThat(error.path("message").asText())
                .contains(param.replaceAll(".*\\.", "").replaceAll("\\[.*", ""));
    }

    @ParameterizedTest
    @DisplayName("A5 B10 The same at the endpoints of their own, where fields have no prefix")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "chaos | \"query\":\"Hi\",\"models\":[\"sim-echo\"] | mode",
                "parallel | \"models\":[\"sim-echo\"] | query",
                "parallel | \"query\":\"\",\"models\":[\"sim-echo\"] | query",
                "parallel | \"query\":5,\"models\":[\"sim-echo\"] | query",
                "parallel | \"query\":\"Hi\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"models\":[\"sim-echo\"] | query",
                "parallel | \"query\":\"Hi\" | models",
                "parallel | \"query\":\"Hi\",\"models\":[] | models",
                "parallel | \"query\":\"Hi\",\"models\":[\"nobody\"] | models[0]",
                "parallel | \"query\":\"Hi\",\"models\":[\"sim-echo\"],\"integration_strategy\":\"dice\" | integration_strategy",
                "parallel | \"query\":\"Hi\",\"models\":[\"sim-echo\"],\"mode\":\"sequential\" | mode",
                "parallel | \"query\":\"Hi\",\"models\":[\"sim-echo\"],\"cooperation\":{\"models\":[\"sim-echo\"]} | models",
                "parallel | \"query\":\"Hi\",\"models\":[\"sim-echo\"],\"cooperation\":5 | cooperation",
                "parallel | \"query\":\"Hi\",\"models\":[\"sim-echo\"],\"temperature\":3 | temperature",
                "sequential | \"query\":\"Hi\",\"models\":[\"sim-echo\"],\"integration_strategy\":\"voting\" | integration_strategy",
                "pipeline | \"query\":\"Hi\" | steps",
                "pipeline | \"query\":\"Hi\",\"pipeline_config\":[] | pipeline_config",
                "pipeline | \"query\":\"Hi\",\"pipeline_config\":[{\"model\":\"nobody\",\"task\":\"code\"}] | pipeline_config[0].model"
            })
    void endpoints(String mode, String fields, String param) {
        var error = error(broker.post("/v1/cooperation/" + mode, "{" + fields + "}"), 400, "invalid_request");

        assertThat(error.path("param").asText()).as(error.toString()).isEqualTo(param);
    }

    @Test
    @DisplayName("A5 What several models cannot do is refused: several answers, one provider for all")
    void notTogether() {
        var council = ",\"cooperation\":{\"models\":[\"sim-echo\"]}}";
        assertThat(error(
                                broker.post(
                                        "/v1/chat/completions", "{\"model\":\"m\"," + QUESTION + ",\"n\":2" + council),
                                400,
                                "invalid_request")
                        .path("param")
                        .asText())
                .isEqualTo("n");
        assertThat(error(
                                broker.post(
                                        "/v1/chat/completions",
                                        "{\"model\":\"m\"," + QUESTION + ",\"provider\":\"simulator\"" + council),
                                400,
                                "invalid_request")
                        .path("param")
                        .asText())
                .isEqualTo("provider");
    }

    @Test
    @DisplayName("A5 C1 What is no JSON, a key that is missing and a method that is not there are told as everywhere")
    void asEverywhere() {
        error(broker.post("/v1/cooperation/parallel", "{"), 400, "invalid_request");
        error(broker.get("/v1/cooperation/parallel"), 405, "method_not_allowed");
        error(
                broker.send(broker.request("/v1/cooperation/parallel", "wrong-key")
                        .POST(HttpRequest.BodyPublishers.ofString("{}"))),
                401,
                "unauthorized");
        var plain = broker.post("/v1/chat/completions", chat("sim-echo", "\"cooperation\":null"));
        assertThat(plain.statusCode()).as("null is as if it were not there").isEqualTo(200);
    }
}

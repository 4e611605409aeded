package dev.caravan.provider.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.chat.ChatRequest;
import dev.caravan.provider.EncodedCall.Unsupported;
import dev.caravan.provider.openai.Asked;
import dev.caravan.provider.openai.OpenAiForm;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;

/**
 * A request as the body of {@code POST /v1/messages}.
 *
 * <p>A {@code json_schema} is the API's own {@code output_config.format}, which goes together with tools, thinking and
 * streams; a tool that the model is forced to call, the older way, goes with none of them. JSON without a schema the API
 * has not: the model is told to answer so, and the caller that nothing makes it.
 *
 * @see <a href="https://platform.claude.com/docs/en/api/messages">the fields</a>
 * @see <a href="https://platform.claude.com/docs/en/build-with-claude/structured-outputs">structured outputs</a>
 */
final class MessagesRequest {

    /** Fields of this dialect that a caller may use by their names. */
    private static final List<String> OWN =
            List.of("stop_sequences", "top_k", "cache_control", "container", "inference_geo", "mcp_servers");

    private static final Set<String> TIERS = Set.of("auto", "standard_only");
    private static final BigDecimal ONE = BigDecimal.ONE;

    private final Asked asked;
    private final ClaudeModel model;
    private final ObjectNode body;

    MessagesRequest(ChatRequest request, String upstreamModel) {
        asked = new Asked(request, "Anthropic's API");
        model = ClaudeModel.of(upstreamModel);
        body = OpenAiForm.object().put("model", upstreamModel).put("max_tokens", 0);
        var turns = new Turns(asked);
        var config = asked.take("output_config") instanceof ObjectNode given ? given : OpenAiForm.object();
        format(turns, config);
        turns.writeTo(body);
        var tools = new Tools(asked);
        tools.writeTo(body);
        var thinking = new Thinking(asked, body, model);
        thinking.write(config, tools.forced());
        if (!config.isEmpty()) {
            body.set("output_config", config);
        }
        sampling(thinking.thinks());
        stop();
        tier();
        user();
        for (var field : OWN) {
            pass(field, asked.take(field));
        }
        if (request.stream()) {
            body.put("stream", true);
        }
    }

    byte[] body() {
        return OpenAiForm.bytes(body);
    }

    List<Unsupported> leftOut() {
        return asked.leftOut();
    }

    private void format(Turns turns, ObjectNode config) {
        var format = asked.take("response_format");
        switch (format.path("type").asText()) {
            case "json_schema" -> {
                var schema = format.at("/json_schema/schema");
                config.putObject("format")
                        .put("type", "json_schema")
                        .set("schema", Tools.closed(schema.isObject() ? schema : OpenAiForm.object()));
            }
            case "json_object" -> {
                turns.instruct("Answer with one JSON object and nothing else, without a code fence.");
                asked.leaveOut(
                        "response_format",
                        "Anthropic's API has no JSON mode without a schema: the model is told to answer in JSON, and"
                                + " nothing makes it. Give a 'json_schema' to be sure.");
            }
            case "", "text" -> {}
            default ->
                asked.cannot("response_format", "Anthropic's API knows 'text', 'json_object' and 'json_schema'.");
        }
    }

    /** While a model thinks, and in newer models always, it samples in its own way. */
    private void sampling(boolean thinks) {
        var own = "This model takes no %s" + (thinks ? " while it thinks." : ".");
        var free = model.sampling() && !thinks;
        var temperature = asked.take("temperature");
        var topP = asked.take("top_p");
        if (temperature.isNumber() && free) {
            if (temperature.decimalValue().compareTo(ONE) > 0) {
                asked.leaveOut("temperature", "Anthropic's temperature ends at 1, which is sent instead.");
                temperature = IntNode.valueOf(1);
            }
            body.set("temperature", temperature);
        } else if (temperature.isNumber() && temperature.decimalValue().compareTo(ONE) != 0) {
            asked.leaveOut("temperature", own.formatted("temperature"));
        }
        if (topP.isNumber() && free && !body.has("temperature")) {
            body.set("top_p", topP);
        } else if (topP.isNumber() && topP.decimalValue().compareTo(ONE) != 0) {
            asked.leaveOut(
                    "top_p",
                    free
                            ? "Anthropic's API takes one of temperature and top_p, and the temperature is sent."
                            : own.formatted("top_p"));
        }
        if (!free && !asked.take("top_k").isMissingNode()) {
            asked.leaveOut("top_k", own.formatted("top_k"));
        }
    }

    private void stop() {
        var stop = asked.take("stop");
        var sequences = OpenAiForm.object().putArray("stop");
        for (var each : stop.isTextual() ? List.of(stop) : stop) {
            if (each.asText().isBlank()) {
                asked.leaveOut("stop", "Anthropic's API takes no stop sequence of white space only.");
            } else {
                sequences.add(each);
            }
        }
        if (!sequences.isEmpty()) {
            body.set("stop_sequences", sequences);
        }
    }

    private void tier() {
        var tier = asked.take("service_tier").asText();
        switch (tier) {
            case "" -> {}
            case "default" -> body.put("service_tier", "standard_only");
            case "priority" -> body.put("service_tier", "auto");
            default -> {
                if (TIERS.contains(tier)) {
                    body.put("service_tier", tier);
                } else {
                    asked.leaveOut("service_tier", "Anthropic's API has no service tier '" + tier + "'.");
                }
            }
        }
    }

    private void user() {
        var metadata = asked.take("metadata");
        var user = asked.take("user");
        var hashed = asked.take("safety_identifier");
        var id = metadata.path("user_id").isTextual() ? metadata.path("user_id") : hashed.isTextual() ? hashed : user;
        if (id.isTextual()) {
            body.putObject("metadata").set("user_id", id);
        }
        for (var member : metadata.properties()) {
            if (!member.getKey().equals("user_id")) {
                asked.leaveOut("metadata." + member.getKey(), "Anthropic's API takes no metadata but a 'user_id'.");
            }
        }
    }

    private void pass(String field, JsonNode value) {
        if (!value.isMissingNode()) {
            body.set(field, value);
        }
    }
}

package dev.caravan.provider.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.caravan.chat.ChatRequest;
import dev.caravan.provider.EncodedCall.Unsupported;
import dev.caravan.provider.openai.FunctionTools;
import dev.caravan.provider.openai.OpenAiForm;
import dev.caravan.provider.openai.RequestFields;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request in Ollama's words. What Ollama knows beyond OpenAI's fields may stand in the request under its own name. */
final class OllamaRequest {

    private static final List<String> OWN = List.of("keep_alive", "truncate", "shift", "logprobs", "top_logprobs");

    /** The model's options that may stand beside OpenAI's fields; any other in {@code options}. */
    private static final List<String> OPTIONS = List.of(
            "temperature",
            "top_p",
            "seed",
            "frequency_penalty",
            "presence_penalty",
            "top_k",
            "min_p",
            "typical_p",
            "repeat_penalty",
            "repeat_last_n",
            "num_ctx",
            "num_keep",
            "num_predict",
            "num_batch",
            "num_gpu",
            "num_thread");

    private final RequestFields fields;

    OllamaRequest(ChatRequest request) {
        fields = RequestFields.of(request, "Ollama");
    }

    List<Unsupported> unsupported() {
        return fields.unsupported();
    }

    ObjectNode body(String model, boolean stream) {
        var body = OpenAiForm.object().put("model", model);
        new OllamaMessages(fields).into(body.putArray("messages"));
        tools(body);
        set(body, "format", format());
        set(body, "think", think());
        OWN.forEach(name -> fields.pass(name, body));
        var options = options();
        if (!options.isEmpty()) {
            body.set("options", options);
        }
        body.put("stream", stream); // it streams unless told not to
        fields.finish();
        return body;
    }

    private void tools(ObjectNode body) {
        var choice = fields.take("tool_choice");
        var chosen = choice == null ? "auto" : OpenAiForm.text(choice);
        if (chosen.equals("none")) {
            fields.take("tools");
        } else {
            set(body, "tools", FunctionTools.take(fields));
        }
        if (!chosen.equals("auto") && !chosen.equals("none")) {
            fields.cannot("tool_choice", "Ollama cannot be made to call a tool: the model decides.", true);
        }
        var parallel = fields.take("parallel_tool_calls");
        if (parallel != null && !parallel.asBoolean()) {
            fields.cannot("parallel_tool_calls", "Ollama's models call as many tools at once as they like.", false);
        }
    }

    private @Nullable JsonNode format() {
        var own = fields.take("format");
        var wanted = fields.take("response_format");
        if (wanted == null) {
            return own;
        }
        return switch (wanted.path("type").asText()) {
            case "text" -> own;
            case "json_object" -> new TextNode("json");
            case "json_schema" -> {
                var schema = wanted.at("/json_schema/schema");
                yield schema.isObject() ? schema : new TextNode("json");
            }
            default -> {
                fields.cannot("response_format", "Ollama's API knows text, json_object and json_schema.", true);
                yield own;
            }
        };
    }

    /** Ollama's own {@code think}, or the effort as its nearest level. */
    private @Nullable JsonNode think() {
        var own = fields.take("think");
        var effort = fields.take("reasoning_effort");
        if (own != null || effort == null) {
            return own;
        }
        return switch (effort.asText()) {
            case "none" -> BooleanNode.FALSE;
            case "minimal" -> new TextNode("low");
            case "low", "medium", "high", "max" -> effort;
            case "xhigh" -> new TextNode("max");
            default -> {
                fields.cannot("reasoning_effort", "Ollama thinks at the levels low, medium, high and max.", false);
                yield null;
            }
        };
    }

    private ObjectNode options() {
        var options = OpenAiForm.object();
        OPTIONS.forEach(name -> fields.pass(name, options));
        var most = fields.take("max_tokens");
        var mostOfAll = fields.take("max_completion_tokens");
        set(options, "num_predict", mostOfAll == null ? most : mostOfAll);
        var stop = fields.take("stop");
        if (stop != null && stop.isTextual()) {
            options.putArray("stop").add(stop);
        } else {
            set(options, "stop", stop);
        }
        if (fields.take("options") instanceof ObjectNode own) {
            options.setAll(own);
        }
        return options;
    }

    private static void set(ObjectNode object, String name, @Nullable JsonNode value) {
        if (value != null) {
            object.set(name, value);
        }
    }
}

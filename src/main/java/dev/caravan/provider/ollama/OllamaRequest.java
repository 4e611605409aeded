package dev.caravan.provider.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.caravan.chat.ChatRequest;
import dev.caravan.provider.EncodedCall.Unsupported;
import dev.caravan.provider.openai.Asked;
import dev.caravan.provider.openai.FunctionTools;
import dev.caravan.provider.openai.OpenAiForm;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request in Ollama's words. What Ollama knows beyond OpenAI's asked may stand in the request under its own name. */
final class OllamaRequest {

    private static final List<String> OWN = List.of("keep_alive", "truncate", "shift", "logprobs", "top_logprobs");

    /** The model's options that may stand beside OpenAI's asked; any other in {@code options}. */
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

    private final Asked asked;

    OllamaRequest(ChatRequest request) {
        asked = new Asked(request, "Ollama's API");
    }

    List<Unsupported> unsupported() {
        return asked.leftOut();
    }

    ObjectNode body(String model, boolean stream) {
        var body = OpenAiForm.object().put("model", model);
        new OllamaMessages(asked).into(body.putArray("messages"));
        tools(body);
        set(body, "format", format());
        set(body, "think", think());
        OWN.forEach(name -> asked.pass(name, body));
        var options = options();
        if (!options.isEmpty()) {
            body.set("options", options);
        }
        body.put("stream", stream); // it streams unless told not to
        return body;
    }

    private void tools(ObjectNode body) {
        var choice = asked.take("tool_choice");
        var chosen = choice.isMissingNode() ? "auto" : OpenAiForm.text(choice);
        if (chosen.equals("none")) {
            asked.take("tools");
        } else {
            set(body, "tools", FunctionTools.take(asked));
        }
        if (!chosen.equals("auto") && !chosen.equals("none")) {
            asked.cannot("tool_choice", "Ollama cannot be made to call a tool: the model decides.");
        }
        var parallel = asked.take("parallel_tool_calls");
        if (!parallel.asBoolean(true)) {
            asked.leaveOut("parallel_tool_calls", "Ollama's models call as many tools at once as they like.");
        }
    }

    private @Nullable JsonNode format() {
        var own = asked.take("format");
        var wanted = asked.take("response_format");
        if (wanted.isMissingNode()) {
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
                asked.cannot("response_format", "Ollama's API knows text, json_object and json_schema.");
                yield own;
            }
        };
    }

    /** Ollama's own {@code think}, or the effort as its nearest level. */
    private @Nullable JsonNode think() {
        var own = asked.take("think");
        var effort = asked.take("reasoning_effort");
        if (!own.isMissingNode() || effort.isMissingNode()) {
            return own;
        }
        return switch (effort.asText()) {
            case "none" -> BooleanNode.FALSE;
            case "minimal" -> new TextNode("low");
            case "low", "medium", "high", "max" -> effort;
            case "xhigh" -> new TextNode("max");
            default -> {
                asked.leaveOut("reasoning_effort", "Ollama thinks at the levels low, medium, high and max.");
                yield null;
            }
        };
    }

    private ObjectNode options() {
        var options = OpenAiForm.object();
        OPTIONS.forEach(name -> asked.pass(name, options));
        var most = asked.take("max_tokens");
        var mostOfAll = asked.take("max_completion_tokens");
        set(options, "num_predict", mostOfAll.isMissingNode() ? most : mostOfAll);
        var stop = asked.take("stop");
        if (stop.isTextual()) {
            options.putArray("stop").add(stop);
        } else {
            set(options, "stop", stop);
        }
        if (asked.take("options") instanceof ObjectNode own) {
            options.setAll(own);
        }
        return options;
    }

    private static void set(ObjectNode object, String name, @Nullable JsonNode value) {
        if (value != null && !value.isMissingNode()) {
            object.set(name, value);
        }
    }
}

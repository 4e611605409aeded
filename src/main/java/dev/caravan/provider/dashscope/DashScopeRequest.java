package dev.caravan.provider.dashscope;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.chat.ChatRequest;
import dev.caravan.provider.EncodedCall.Unsupported;
import dev.caravan.provider.openai.Asked;
import dev.caravan.provider.openai.FunctionTools;
import dev.caravan.provider.openai.OpenAiForm;
import java.util.List;
import java.util.regex.Pattern;

/** A request in DashScope's words. What DashScope knows beyond OpenAI's asked may stand there under its own name. */
final class DashScopeRequest {

    private static final String TEXT = "/services/aigc/text-generation/generation";
    private static final String MULTIMODAL = "/services/aigc/multimodal-generation/generation";

    /** Models that have the multimodal endpoint only, also for text: the other answers {@code url error}. */
    private static final Pattern MULTIMODAL_MODELS =
            Pattern.compile("(^|.*[-/])(qwen3\\.[5-9](?!.*-max).*|qvq.*|([a-z0-9.]*vl|ocr|omni|audio)(-.*)?)");

    /** Same name, same meaning. Any other may stand in {@code parameters}. */
    private static final List<String> PARAMETERS = List.of(
            "temperature",
            "top_p",
            "top_k",
            "seed",
            "max_tokens",
            "max_completion_tokens",
            "stop",
            "presence_penalty",
            "repetition_penalty",
            "response_format",
            "logprobs",
            "top_logprobs",
            "parallel_tool_calls",
            "enable_thinking",
            "thinking_budget",
            "preserve_thinking",
            "enable_search",
            "search_options",
            "enable_code_interpreter",
            "vl_high_resolution_images");

    private final Asked asked;
    private final DashScopeMessages messages;
    private final String model;
    private final boolean stream;
    private final boolean multimodal;

    DashScopeRequest(ChatRequest request, String model) {
        asked = new Asked(request, "DashScope's API");
        messages = new DashScopeMessages(asked);
        multimodal = messages.holdMedia() || MULTIMODAL_MODELS.matcher(model).matches();
        this.model = model;
        stream = request.stream();
    }

    String path() {
        return multimodal ? MULTIMODAL : TEXT;
    }

    List<Unsupported> unsupported() {
        return asked.leftOut();
    }

    ObjectNode body() {
        var body = OpenAiForm.object().put("model", model);
        messages.into(body.putObject("input").putArray("messages"), multimodal);
        var parameters = body.putObject("parameters");
        if (!multimodal) {
            parameters.put("result_format", "message");
        }
        if (stream) {
            parameters.put("incremental_output", true);
        }
        PARAMETERS.forEach(name -> asked.pass(name, parameters));
        tools(parameters);
        effort(parameters);
        if (asked.take("parameters") instanceof ObjectNode own) {
            if (own.remove("n") != null) {
                asked.leaveOut("parameters.n", "Several answers are asked for with 'n', beside the messages.");
            }
            parameters.setAll(own);
        }
        return body;
    }

    private void tools(ObjectNode parameters) {
        var tools = FunctionTools.take(asked);
        if (tools != null) {
            parameters.set("tools", tools);
        }
        var choice = asked.take("tool_choice");
        if (choice.isMissingNode()) {
            return;
        }
        if (isNamed(choice) || List.of("auto", "none").contains(OpenAiForm.text(choice))) {
            parameters.set("tool_choice", choice);
        } else {
            asked.cannot("tool_choice", "DashScope's models can be made to call one named tool, or none, but not any.");
        }
    }

    private static boolean isNamed(JsonNode choice) {
        return choice.at("/function/name").isTextual();
    }

    /** A model that can both think and not is told which; how much is the model's own business where it knows efforts. */
    private void effort(ObjectNode parameters) {
        var effort = asked.take("reasoning_effort");
        if (effort.isMissingNode()) {
            return;
        }
        var thinks = !OpenAiForm.text(effort).equals("none");
        if (!parameters.has("enable_thinking")) {
            parameters.put("enable_thinking", thinks);
        }
        if (thinks) {
            parameters.set("reasoning_effort", effort);
        }
    }
}

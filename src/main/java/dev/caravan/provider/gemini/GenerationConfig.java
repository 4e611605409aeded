package dev.caravan.provider.gemini;

import static java.util.Map.entry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.chat.ChatRequest;
import dev.caravan.provider.openai.Asked;
import dev.caravan.provider.openai.OpenAiForm;
import java.util.List;
import java.util.Map;

/**
 * How the model shall answer: the {@code generationConfig}. What a caller gives by that name passes as it came and
 * counts more than the rest.
 *
 * <p>Schemas are given as JSON Schema, which every model since 2.5 reads; the older form, a part of OpenAPI's, would lose
 * what it has no word for.
 *
 * @see <a href="https://ai.google.dev/api/generate-content#generationconfig">the fields</a>
 */
final class GenerationConfig {

    private static final int MAX_STOPS = 5;

    /** The fields that only have another name. */
    private static final List<Map.Entry<String, String>> SAME = List.of(
            entry("temperature", "temperature"),
            entry("top_p", "topP"),
            entry("top_k", "topK"),
            entry("presence_penalty", "presencePenalty"),
            entry("frequency_penalty", "frequencyPenalty"),
            entry("logprobs", "responseLogprobs"),
            entry("top_logprobs", "logprobs"));

    private final Asked asked;
    private final ObjectNode config = OpenAiForm.object();

    GenerationConfig(Asked asked, ChatRequest request, GeminiModel model) {
        this.asked = asked;
        for (var field : SAME) {
            pass(field.getValue(), asked.take(field.getKey()));
        }
        var newer = asked.take("max_completion_tokens");
        var older = asked.take("max_tokens");
        pass("maxOutputTokens", newer.isMissingNode() ? older : newer);
        candidates(request);
        seed();
        stop();
        format();
        thinking(model);
        if (asked.take("generationConfig") instanceof ObjectNode own) {
            config.setAll(own);
        }
    }

    void writeTo(ObjectNode body) {
        if (!config.isEmpty()) {
            body.set("generationConfig", config);
        }
    }

    /** How many answers are asked for. */
    static int candidates(JsonNode n) {
        return Math.max(1, n.asInt(1));
    }

    private void candidates(ChatRequest request) {
        var count = candidates(OpenAiForm.tree(request).path("n"));
        if (count > 1) {
            config.put("candidateCount", count);
        }
    }

    private void seed() {
        var seed = asked.take("seed");
        if (seed.isNumber() && !seed.canConvertToInt()) {
            asked.leaveOut("seed", "Gemini's API takes a seed of 32 bits, from -2147483648 to 2147483647.");
        } else {
            pass("seed", seed);
        }
    }

    private void stop() {
        var stop = asked.take("stop");
        var sequences = OpenAiForm.object().putArray("stop");
        for (var each : stop.isTextual() ? List.of(stop) : stop) {
            if (sequences.size() < MAX_STOPS) {
                sequences.add(each);
            } else {
                asked.cannot("stop[" + sequences.size() + "]", "Gemini's API takes at most 5 stop sequences.");
                break;
            }
        }
        if (!sequences.isEmpty()) {
            config.set("stopSequences", sequences);
        }
    }

    private void format() {
        var format = asked.take("response_format");
        switch (format.path("type").asText()) {
            case "json_object" -> config.put("responseMimeType", "application/json");
            case "json_schema" -> {
                config.put("responseMimeType", "application/json");
                if (format.at("/json_schema/schema").isObject()) {
                    config.set("responseJsonSchema", format.at("/json_schema/schema"));
                }
            }
            case "", "text" -> {}
            default -> asked.cannot("response_format", "Gemini's API knows 'text', 'json_object' and 'json_schema'.");
        }
    }

    /** What Google's own OpenAI endpoint makes of an effort; what was thought is wanted in the answer. */
    private void thinking(GeminiModel model) {
        var effort = asked.take("reasoning_effort").asText();
        var level = level(effort, model);
        if (effort.isEmpty() || level.isEmpty()) {
            if (!effort.isEmpty()) {
                asked.leaveOut("reasoning_effort", "Gemini's API has no effort '" + effort + "'.");
            }
            return;
        }
        var thinking = config.putObject("thinkingConfig");
        if (model.levels()) {
            thinking.put("thinkingLevel", level);
        } else {
            thinking.put("thinkingBudget", budget(level, effort.equals("none"), model));
        }
        if (!effort.equals("none")) {
            thinking.put("includeThoughts", true);
        } else if (model.levels() || !model.quick()) {
            asked.leaveOut("reasoning_effort", "This model always thinks, and is told to do it as little as it can.");
        }
    }

    private static String level(String effort, GeminiModel model) {
        return switch (effort) {
            case "none", "minimal" -> model.quick() ? "minimal" : "low";
            case "low", "medium", "high" -> effort;
            case "xhigh", "max" -> "high";
            default -> "";
        };
    }

    private static int budget(String level, boolean none, GeminiModel model) {
        if (none) {
            return model.quick() ? 0 : 128;
        }
        return switch (level) {
            case "high" -> 24_576;
            case "medium" -> 8192;
            default -> 1024;
        };
    }

    private void pass(String name, JsonNode value) {
        if (!value.isMissingNode()) {
            config.set(name, value);
        }
    }
}

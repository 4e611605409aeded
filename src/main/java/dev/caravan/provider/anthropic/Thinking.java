package dev.caravan.provider.anthropic;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.provider.openai.Asked;
import org.jspecify.annotations.Nullable;

/**
 * Says how long the model shall think and how long its answer may be, which count together. {@code thinking} in the
 * request passes as it came; otherwise {@code reasoning_effort} is the API's effort for models that decide themselves,
 * and a budget for those before them.
 *
 * @see <a href="https://platform.claude.com/docs/en/build-with-claude/extended-thinking">extended thinking</a>
 */
final class Thinking {

    /** The API wants a bound; this one every model takes, and most answers end before it. */
    private static final long DEFAULT_MAX_TOKENS = 4096;

    private static final long LEAST_BUDGET = 1024;
    private static final long LEAST_ANSWER = 1024;

    private final Asked asked;
    private final ObjectNode body;
    private final ClaudeModel model;

    Thinking(Asked asked, ObjectNode body, ClaudeModel model) {
        this.asked = asked;
        this.body = body;
        this.model = model;
    }

    /**
     * Sets {@code max_tokens} and {@code thinking}.
     *
     * @param config where the effort goes
     * @param forced whether a tool must be called, with which no model thinks
     */
    void write(ObjectNode config, boolean forced) {
        var newer = asked.take("max_completion_tokens");
        var older = asked.take("max_tokens");
        var bound = newer.isMissingNode() ? older : newer;
        var room = bound.asLong(Long.MAX_VALUE);
        var own = asked.take("thinking");
        var effort = effort();
        if (bound.isMissingNode()) {
            body.put("max_tokens", DEFAULT_MAX_TOKENS + (effort == null || forced ? 0 : effort.budget()));
        } else {
            body.set("max_tokens", bound);
        }
        if (!own.isMissingNode()) {
            body.set("thinking", own);
            raise(bound.isMissingNode(), own.path("budget_tokens").asLong());
        } else if (effort != null && model.adaptive()) {
            adapt(effort, config, forced);
        } else if (effort != null && effort != Effort.NONE) {
            budget(Math.min(effort.budget(), room - LEAST_ANSWER), forced);
        }
    }

    /** Whether the model is told to think. */
    boolean thinks() {
        var type = body.at("/thinking/type").asText();
        return !type.isEmpty() && !type.equals("disabled");
    }

    private @Nullable Effort effort() {
        var name = asked.take("reasoning_effort").asText();
        var effort = Effort.of(name);
        if (effort == null && !name.isEmpty()) {
            asked.leaveOut("reasoning_effort", "Anthropic's API has no effort '" + name + "'.");
        }
        return effort;
    }

    private void raise(boolean free, long budget) {
        if (free && budget > 0) {
            body.put("max_tokens", DEFAULT_MAX_TOKENS + budget);
        }
    }

    private void adapt(Effort effort, ObjectNode config, boolean forced) {
        config.put("effort", effort.word());
        if (effort == Effort.NONE) {
            asked.leaveOut(
                    "reasoning_effort",
                    "This model decides itself whether it thinks and is told a low effort; where it can be kept from"
                            + " thinking, 'thinking': {'type': 'disabled'} does it.");
        } else if (!forced) {
            body.putObject("thinking").put("type", "adaptive").put("display", "summarized");
        }
    }

    private void budget(long budget, boolean forced) {
        if (forced) {
            asked.leaveOut("reasoning_effort", "This model does not think when it must call a tool.");
        } else if (budget < LEAST_BUDGET) {
            asked.leaveOut(
                    "reasoning_effort",
                    "This model thinks for " + LEAST_BUDGET
                            + " tokens at least, and 'max_tokens' leaves no room for that" + " and an answer.");
        } else {
            body.putObject("thinking").put("type", "enabled").put("budget_tokens", budget);
        }
    }
}

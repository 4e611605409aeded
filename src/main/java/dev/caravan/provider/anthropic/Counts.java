package dev.caravan.provider.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.chat.Usage;
import dev.caravan.provider.openai.OpenAiForm;

/**
 * What was counted. The API counts the tokens that it read from its cache, and those that it wrote there, beside the
 * rest of the prompt; OpenAI counts them in it.
 *
 * @see <a href="https://platform.claude.com/docs/en/build-with-claude/prompt-caching">the counts</a>
 */
final class Counts {

    private long input;
    private long cacheRead;
    private long cacheWritten;
    private long output;
    private long thought;
    private boolean told;

    /** Takes what an event tells: a later one tells all that it tells anew. */
    void add(JsonNode usage) {
        if (!usage.isObject()) {
            return;
        }
        told = true;
        input = usage.path("input_tokens").asLong(input);
        cacheRead = usage.path("cache_read_input_tokens").asLong(cacheRead);
        cacheWritten = usage.path("cache_creation_input_tokens").asLong(cacheWritten);
        output = usage.path("output_tokens").asLong(output);
        thought = usage.at("/output_tokens_details/thinking_tokens").asLong(thought);
    }

    /** Whether anything was told. */
    boolean told() {
        return told;
    }

    /** As OpenAI's {@code usage}, with the tokens written to the cache beside the cached ones. */
    ObjectNode usage() {
        var usage = OpenAiForm.usage(new Usage(input + cacheRead + cacheWritten, output, cacheRead, thought));
        if (cacheWritten > 0) {
            ((ObjectNode) usage.path("prompt_tokens_details")).put("cache_creation_tokens", cacheWritten);
        }
        return usage;
    }
}

package dev.caravan.service;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.chat.Usage;
import dev.caravan.plan.Ask;
import dev.caravan.plan.CallRecord;
import dev.caravan.provider.openai.OpenAiForm;
import org.jspecify.annotations.Nullable;

/** What a service answers. Immutable. */
record ServiceReply(Ask whole, String service, int parts, boolean repaired) {

    private static final double MILLIS_OF_A_SECOND = 1000;

    /**
     * The body, as JSON.
     *
     * @param result the result in its form; null where the answer has not that form
     * @param text the answer as it was given
     * @param models who answered
     */
    byte[] of(@Nullable ObjectNode result, String text, String models) {
        var body = OpenAiForm.object().put("success", true);
        body.set("result", result == null ? OpenAiForm.object().put("text", text) : result);
        body.put("processing_time", whole.elapsed().toMillis() / MILLIS_OF_A_SECOND)
                .put("model_used", models)
                .putNull("error");
        var metadata = body.putObject("metadata")
                .put("service", service)
                .put("provider", whole.current().provider().name())
                .put("request_id", whole.arrival().requestId())
                .put("parts", parts)
                .put("repaired", repaired)
                .put("calls", whole.calls().size());
        metadata.set(
                "usage",
                OpenAiForm.usage(whole.calls().stream().map(CallRecord::usage).reduce(Usage.NONE, Usage::plus)));
        return OpenAiForm.bytes(body);
    }
}

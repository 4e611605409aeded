package dev.caravan.plan;

import dev.caravan.catalog.ModelSettings;
import dev.caravan.chat.ChatError;
import dev.caravan.chat.ChatRequest;
import dev.caravan.chat.ErrorCode;
import dev.caravan.chat.Operation;
import dev.caravan.provider.EncodedCall.Unsupported;
import dev.caravan.provider.openai.ChatRequestReader;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request with what {@code config/models.yaml} says of its model. */
sealed interface ModelFit {

    /** @param lowered the bound on the answer's length, where it was higher than the model's; null where it was not */
    record Fitted(ChatRequest request, @Nullable Unsupported lowered) implements ModelFit {}

    /** The model's own parameters are none. */
    record Wrong(ChatError error) implements ModelFit {}

    /** The fields that bound an answer's length. */
    List<String> BOUNDS = List.of("max_tokens", "max_completion_tokens");

    /** Fits a request to a model. */
    static ModelFit of(ChatRequest asked, ModelSettings settings) {
        if (settings.maxTokens() == null && settings.parameters().isEmpty()) {
            return new Fitted(asked, null);
        }
        var edit = asked.source().edit();
        var changed = false;
        for (var parameter : settings.parameters().entrySet()) {
            if (isUnsaid(asked, parameter.getKey())) {
                edit.set(parameter.getKey(), parameter.getValue());
                changed = true;
            }
        }
        Unsupported lowered = null;
        for (var field : BOUNDS) {
            if (isTooHigh(asked, field, settings.maxTokens())) {
                edit.set(field, String.valueOf(settings.maxTokens()));
                lowered = new Unsupported(
                        field,
                        "The model '" + asked.model() + "' answers with at most " + settings.maxTokens() + " tokens.",
                        false);
            }
        }
        return changed || lowered != null ? read(asked.operation(), edit.toBytes(), lowered) : new Fitted(asked, null);
    }

    private static ModelFit read(Operation operation, byte[] json, @Nullable Unsupported lowered) {
        return switch (ChatRequestReader.read(operation, json)) {
            case ChatRequestReader.Valid(var request) -> new Fitted(request, lowered);
            case ChatRequestReader.Invalid(var error) ->
                new Wrong(ChatError.of(
                        ErrorCode.INTERNAL_ERROR,
                        "The model's 'parameters' in models.yaml do not fit this request: " + error.message()));
        };
    }

    private static boolean isUnsaid(ChatRequest asked, String field) {
        return asked.source()
                .value(field)
                .filter(value -> !value.equals("null"))
                .isEmpty();
    }

    private static boolean isTooHigh(ChatRequest asked, String field, @Nullable Integer bound) {
        return bound != null
                && asked.source()
                        .value(field)
                        .filter(value -> !value.equals("null"))
                        .filter(value -> new BigDecimal(value).compareTo(BigDecimal.valueOf(bound)) > 0)
                        .isPresent();
    }
}

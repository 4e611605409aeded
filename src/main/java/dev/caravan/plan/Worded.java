package dev.caravan.plan;

import dev.caravan.catalog.Deployment;
import dev.caravan.chat.ChatError;
import dev.caravan.chat.ChatRequest;
import dev.caravan.chat.WhenUnsupported;
import dev.caravan.provider.EncodedCall.Unsupported;
import dev.caravan.provider.HttpCall;
import dev.caravan.provider.ProviderCodec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request in the words of one model at one provider, or why it is not to be asked. */
sealed interface Worded {

    /** @return the request as it is put to this model */
    ChatRequest request();

    /** @param dropped the fields that the provider is not told of */
    record Sendable(ChatRequest request, HttpCall call, List<String> dropped) implements Worded {}

    /** The model or the provider cannot do what is asked. */
    record Refused(ChatRequest request, ChatError error) implements Worded {}

    /** Puts a request to a model. */
    static Worded of(ChatRequest asked, Deployment deployment, ProviderCodec codec) {
        var provider = deployment.provider();
        var key = provider.apiKey();
        return switch (ModelFit.of(asked, deployment.settings())) {
            case ModelFit.Wrong(var error) -> new Refused(asked, error);
            case ModelFit.Fitted(var request, var lowered) -> {
                var encoded = codec.encode(request, deployment.model(), key == null ? null : key.reveal());
                if (!encoded.isPossible()) {
                    yield new Refused(request, refusal(encoded.unsupported().getFirst()));
                }
                yield lowered == null && encoded.unsupported().isEmpty()
                        ? new Sendable(request, encoded.call(), List.of())
                        : decide(request, encoded.call(), all(lowered, encoded.unsupported()), deployment);
            }
        };
    }

    private static List<Unsupported> all(@Nullable Unsupported lowered, List<Unsupported> left) {
        var all = new ArrayList<Unsupported>(left.size() + 1);
        if (lowered != null) {
            all.add(lowered);
        }
        all.addAll(left);
        return all;
    }

    private static Worded decide(
            ChatRequest request, HttpCall call, List<Unsupported> unsupported, Deployment deployment) {
        var policy = policy(request, deployment);
        return unsupported.stream()
                .filter(each -> policy == null ? each.essential() : policy == WhenUnsupported.REFUSE)
                .findFirst()
                .<Worded>map(each -> new Refused(request, refusal(each)))
                .orElseGet(() -> new Sendable(
                        request,
                        call,
                        unsupported.stream().map(Unsupported::field).distinct().toList()));
    }

    private static ChatError refusal(Unsupported unsupported) {
        return ChatError.invalid(unsupported.field(), unsupported.why()).withCause(Failures.UNSUPPORTED);
    }

    private static @Nullable WhenUnsupported policy(ChatRequest request, Deployment deployment) {
        var asked = request.extensions().unsupported();
        var models = deployment.settings().unsupported();
        return asked != null
                ? asked
                : models != null ? models : deployment.provider().unsupported();
    }
}

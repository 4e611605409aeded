package dev.caravan.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.catalog.RouteSpec;
import dev.caravan.chat.ChatError;
import dev.caravan.chat.ChatRequest;
import dev.caravan.chat.ChatResponse;
import dev.caravan.chat.Outcome;
import dev.caravan.plan.Ask;
import dev.caravan.provider.openai.ChatRequestReader;
import dev.caravan.provider.openai.OpenAiForm;
import dev.caravan.route.Analysis;
import dev.caravan.route.Chooser;
import dev.caravan.route.Decision;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code POST /v1/route}: which model a question would go to, and why. Thread-safe. */
public final class RouteApi implements OwnForm {

    /** Where a choice is explained, and nobody is asked. */
    public static final String PATH = "/v1/route";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** @param threshold the score above which a strong model is worth it; null where the model stands for itself */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Complexity(double score, @Nullable Double threshold, Map<String, Object> features) {}

    @JsonNaming(SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Explanation(
            String model,
            String provider,
            @Nullable String tier,
            String taskType,
            Complexity complexity,
            List<String> reasons,
            List<String> fallbacks) {}

    private final Chooser chooser;

    public RouteApi(Chooser chooser) {
        this.chooser = chooser;
    }

    @Override
    public String path() {
        return PATH;
    }

    /**
     * The chat request that a body stands for: {@code query} is what a user says; everything else is as in a chat request, and
     * the model {@code auto} unless it names one.
     */
    @Override
    public ChatRequestReader.Reading question(byte[] body) {
        try {
            if (!(JSON.readTree(body) instanceof ObjectNode asked)) {
                return wrong(null, "The request body must be one JSON object with 'query' or 'messages'.");
            }
            var query = asked.remove("query");
            if ((query == null) == (asked.get("messages") == null)) {
                return wrong("query", "Give either 'query', a text, or 'messages', as in a chat request.");
            }
            if (query != null) {
                if (!query.isTextual()) {
                    return wrong("query", "Invalid value for 'query': expected a text.");
                }
                message(asked, query);
            }
            if (asked.path("model").isMissingNode() || asked.path("model").isNull()) {
                asked.put("model", RouteSpec.AUTO);
            }
            return ChatRequestReader.read(JSON.writeValueAsBytes(asked));
        } catch (JsonProcessingException e) {
            return wrong(null, "The request body is not valid JSON in UTF-8: " + e.getOriginalMessage() + ".");
        } catch (IOException _) {
            return wrong(null, "The request body is not valid JSON in UTF-8.");
        }
    }

    private static void message(ObjectNode asked, JsonNode query) {
        asked.putArray("messages").addObject().put("role", "user").set("content", query);
    }

    private static ChatRequestReader.Invalid wrong(@Nullable String param, String message) {
        return new ChatRequestReader.Invalid(ChatError.invalid(param, message));
    }

    /** Settles a question that was planned with what it would go to; it is asked of nobody. */
    public void explain(Ask ask) {
        var first = ask.next();
        if (first.isEmpty()) {
            return; // its outcome is why
        }
        var provider = first.get().provider().name();
        settle(
                ask,
                ask.decision()
                        .map(decision -> chosen(ask, decision, provider))
                        .orElseGet(() -> named(ask, ask.request().orElseThrow(), provider)));
    }

    /**
     * Settles a question that several models would answer together, each of them asked by its own name, with that.
     */
    public void explainCouncil(Ask ask) {
        var council = ask.catalog().council(ask.model());
        var why = council == null
                ? "the request says itself which models answer together"
                : "'" + ask.model() + "' is a council: " + String.join(", ", council.models()) + " answer together";
        settle(
                ask,
                ask.decision()
                        .map(decision -> {
                            var reasons = new ArrayList<>(decision.reasons());
                            reasons.add(why);
                            return explanation(
                                    ask.model(),
                                    ModelsView.BROKER,
                                    decision.tier().text(),
                                    decision.weighed().analysis(),
                                    decision.weighed().threshold(),
                                    reasons,
                                    List.of());
                        })
                        .orElseGet(() -> explanation(
                                ask.model(),
                                ModelsView.BROKER,
                                null,
                                chooser.analyse(ask.requireRequest()),
                                null,
                                List.of(why),
                                List.of())));
    }

    /** The explanation is all that an answer to such a question holds. */
    private static void settle(Ask ask, Explanation explanation) {
        var json = OpenAiForm.raw(bytes(explanation)).orElseThrow();
        ask.settle(new Outcome.Answered(new ChatResponse("", 0, explanation.model(), List.of(), null, json)));
    }

    private static byte[] bytes(Explanation explanation) {
        try {
            return JSON.writeValueAsBytes(explanation);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public ChatReply reply(Ask ask) {
        return switch (ask.outcome()) {
            case Outcome.Failed(var error) ->
                ChatReply.error(error, ask.arrival().requestId());
            case Outcome.Answered(var response) ->
                new ChatReply(200, ChatReply.WHOLE, response.source().toBytes());
            case Outcome.Streaming _ -> throw new IllegalStateException("nobody was asked");
        };
    }

    private static Explanation chosen(Ask ask, Decision decision, String provider) {
        var reasons = new ArrayList<>(decision.reasons());
        var model = ask.model();
        if (!model.equals(decision.model())) {
            reasons.add("'" + decision.model() + "' cannot be asked just now, so '" + model + "' comes first");
        }
        return explanation(
                model,
                provider,
                decision.tier().text(),
                decision.weighed().analysis(),
                decision.weighed().threshold(),
                reasons,
                decision.models().stream().filter(each -> !each.equals(model)).toList());
    }

    private Explanation named(Ask ask, ChatRequest request, String provider) {
        return explanation(
                ask.model(),
                provider,
                null,
                chooser.analyse(request),
                null,
                List.of("the request names the model '" + request.model() + "', which stands for itself"),
                List.of());
    }

    private static Explanation explanation(
            String model,
            String provider,
            @Nullable String tier,
            Analysis analysis,
            @Nullable Double threshold,
            List<String> reasons,
            List<String> fallbacks) {
        return new Explanation(
                model,
                provider,
                tier,
                analysis.task().text(),
                new Complexity(analysis.score(), threshold, analysis.features()),
                reasons,
                fallbacks);
    }
}

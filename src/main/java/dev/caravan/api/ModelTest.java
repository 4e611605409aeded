package dev.caravan.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.caravan.catalog.Catalog;
import dev.caravan.catalog.ProviderSpec;
import dev.caravan.chat.Outcome;
import dev.caravan.plan.Ask;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Whether models can be reached: a tiny question to each at each provider that serves it, and what came of them. The
 * questions may be asked by several threads, each by one.
 *
 * @param timeout bound on the whole test
 */
public record ModelTest(List<Question> questions, Duration timeout) {

    private static final double MICROS = 1e3;

    public ModelTest {
        questions = List.copyOf(questions);
    }

    /** One model at one provider. */
    public static final class Question {

        private final String model;
        private final @Nullable String provider;
        private volatile @Nullable Ask ask;

        /** @param provider who is asked; null where nobody is known to serve the model */
        Question(String model, @Nullable String provider) {
            this.model = model;
            this.provider = provider;
        }

        /** The question as a chat request: one word, no repeats, and an answer as short as there is. */
        public byte[] body() {
            var body = JsonNodeFactory.instance
                    .objectNode()
                    .put("model", model)
                    .put("max_tokens", 1)
                    .put("retry_count", 0);
            body.putArray("messages").addObject().put("role", "user").put("content", "Hi");
            if (provider != null) {
                body.put("provider", provider);
            }
            return body.toString().getBytes(StandardCharsets.UTF_8);
        }

        /** Notes that the question is on its way. */
        public void askedAs(Ask newAsk) {
            ask = newAsk;
        }

        private Result result() {
            var asked = ask;
            if (asked == null) {
                return new Result(model, provider, false, null, new Failure("internal_error", "It was not asked."));
            }
            var latency = asked.calls().isEmpty()
                    ? null
                    : Double.valueOf(asked.calls().getLast().latency().toNanos() / 1000 / MICROS);
            return switch (asked.outcome()) {
                case Outcome.Failed(var error) ->
                    new Result(
                            model,
                            provider,
                            false,
                            latency,
                            new Failure(error.code().text(), error.message()));
                case Outcome.Answered _, Outcome.Streaming _ -> new Result(model, provider, true, latency, null);
            };
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Question that
                    && model.equals(that.model)
                    && Objects.equals(provider, that.provider);
        }

        @Override
        public int hashCode() {
            return Objects.hash(model, provider);
        }
    }

    /** @param ok whether all of them are */
    record Report(String object, boolean ok, List<Result> data) {}

    /**
     * What came of one question.
     *
     * @param latencyMs how long the provider took, in milliseconds; null if it was not asked
     */
    @JsonNaming(SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Result(
            String model,
            @Nullable String provider,
            boolean ok,
            @Nullable Double latencyMs,
            @Nullable Failure error) {}

    /** Codes and messages are those that a chat request would get. */
    record Failure(String code, String message) {}

    /** The questions to these models: to each at every provider that serves it. */
    static ModelTest of(Catalog catalog, List<String> models, Duration timeout) {
        var questions = new LinkedHashSet<Question>();
        models.forEach(model -> named(catalog, model).forEach(questions::add));
        return new ModelTest(List.copyOf(questions), timeout);
    }

    /** The questions to all models of enabled providers; to those that list none, to their default model. */
    static ModelTest ofAll(Catalog catalog, Duration timeout) {
        var questions = new LinkedHashSet<Question>();
        for (var model : catalog.models()) {
            served(catalog, model.name())
                    .filter(ProviderSpec::enabled)
                    .forEach(provider -> questions.add(new Question(model.name(), provider.name())));
        }
        Set<String> asked = new LinkedHashSet<>();
        questions.forEach(question -> asked.add(String.valueOf(question.provider)));
        catalog.providers().stream()
                .filter(provider -> provider.enabled() && !asked.contains(provider.name()))
                .filter(provider -> provider.defaultModel() != null)
                .forEach(provider ->
                        questions.add(new Question(provider.name() + ":" + provider.defaultModel(), provider.name())));
        return new ModelTest(List.copyOf(questions), timeout);
    }

    private static Stream<Question> named(Catalog catalog, String model) {
        var providers = served(catalog, model).toList();
        if (providers.isEmpty()) {
            providers = catalog.resolve(model, null).stream()
                    .flatMap(resolved -> resolved.candidates().stream())
                    .map(candidate -> candidate.provider())
                    .toList();
        }
        return providers.isEmpty()
                ? Stream.of(new Question(model, null))
                : providers.stream().map(provider -> new Question(model, provider.name()));
    }

    private static Stream<ProviderSpec> served(Catalog catalog, String model) {
        return catalog.model(model).stream()
                .flatMap(known -> known.served().stream())
                .flatMap(served -> catalog.provider(served.provider()).stream());
    }

    /** What came of the questions, in their order. */
    public Answer report() {
        var results = questions.stream().map(Question::result).toList();
        return new Answer.Ok(200, new Report("list", results.stream().allMatch(Result::ok), results));
    }
}

package dev.caravan.plan;

import dev.caravan.catalog.Tier;
import dev.caravan.chat.ChatError;
import dev.caravan.chat.ChatRequest;
import dev.caravan.chat.Operation;
import dev.caravan.chat.Outcome;
import dev.caravan.provider.openai.ChatRequestReader;
import dev.caravan.route.Chooser;
import dev.caravan.route.Weighed;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Chooses the model of a request whose own model is a name that stands for several. Thread-safe. */
public final class Choices {

    private final Chooser chooser;

    public Choices(Chooser chooser) {
        this.chooser = chooser;
    }

    /** Whether a model has to be chosen for the request. */
    public static boolean isNeeded(Ask ask) {
        return ask.isOpen() && ask.catalog().route(ask.requireRequest().model()) != null;
    }

    /**
     * Looks at what is asked; where the caller has said nonsense about the choice, the request is settled with that.
     *
     * @param header what the caller says in a header
     */
    public Optional<Weighed> weigh(Ask ask, @Nullable String header) {
        var request = ask.requireRequest();
        var spec = ask.catalog().route(request.model());
        if (spec == null) {
            throw new IllegalStateException("'" + request.model() + "' stands for itself");
        }
        if (request.operation() == Operation.EMBEDDING) {
            ask.settle(new Outcome.Failed(ChatError.invalid(
                    "model",
                    "Invalid value for 'model': vectors of different models cannot be compared, so '" + spec.name()
                            + "' chooses none for them; name a model.")));
            return Optional.empty();
        }
        return switch (chooser.weigh(request, spec, header)) {
            case Chooser.Weighing.Done(var weighed) -> Optional.of(weighed);
            case Chooser.Weighing.Refused(var error) -> {
                ask.settle(new Outcome.Failed(error));
                yield Optional.empty();
            }
        };
    }

    /**
     * Takes a model of the tier, or settles the request with the reason why there is none.
     *
     * @param counts whether the request is asked of somebody now, and so counts among the strong model's share
     */
    public void choose(Ask ask, Weighed weighed, Tier tier, boolean counts) {
        switch (chooser.choose(weighed, tier, ask.catalog())) {
            case Chooser.Choosing.Nobody(var error) -> ask.settle(new Outcome.Failed(error));
            case Chooser.Choosing.Chosen(var decision) -> {
                ask.decide(decision, freed(ask.requireRequest()));
                if (counts) {
                    chooser.note(decision);
                }
            }
        }
    }

    /** Without what it says to the choice, which is for no provider. */
    private static ChatRequest freed(ChatRequest request) {
        if (!request.source().has("context")) {
            return request;
        }
        return switch (ChatRequestReader.read(
                request.operation(), request.source().edit().remove("context").toBytes())) {
            case ChatRequestReader.Valid(var freed) -> freed;
            case ChatRequestReader.Invalid(var error) -> throw new IllegalStateException(error.message());
        };
    }
}

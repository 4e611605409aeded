package dev.caravan.cooperation;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.caravan.catalog.Council;
import dev.caravan.catalog.Council.Check;
import dev.caravan.catalog.Council.Embeddings;
import dev.caravan.catalog.CouncilForm;
import dev.caravan.chat.ChatError;
import dev.caravan.chat.ChatRequest;
import dev.caravan.chat.ErrorCode;
import dev.caravan.chat.Operation;
import dev.caravan.chat.Outcome;
import dev.caravan.plan.Ask;
import dev.caravan.plan.Deadlines;
import dev.caravan.plan.Parts;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Convenes councils for requests that ask for one. Thread-safe. */
public final class Councils {

    private static final String COOPERATION = "cooperation";
    private static final String OF_FILE = "council.";

    private final Prompts prompts;
    private final @Nullable Embeddings usualEmbeddings;
    private final Deadlines deadlines;

    /** @param usualEmbeddings for councils that say nothing else; null: free texts are alike by the words that they share */
    public Councils(Prompts prompts, @Nullable Embeddings usualEmbeddings, Deadlines deadlines) {
        this.prompts = prompts;
        this.usualEmbeddings = usualEmbeddings;
        this.deadlines = deadlines;
    }

    /** Whether an open request is for a council: by its model, or by its own words. */
    public static boolean isAsked(Ask ask) {
        return ask.isOpen()
                && ask.request()
                        .filter(request -> ask.catalog().council(ask.model()) != null || said(request) != null)
                        .isPresent();
    }

    private static @Nullable String said(ChatRequest request) {
        return request.source().has(COOPERATION)
                ? request.source()
                        .value(COOPERATION)
                        .filter(said -> !said.equals("null"))
                        .orElse(null)
                : null;
    }

    /** The session of a request; nothing if its council cannot sit, which the request is settled with then. */
    public Optional<Session> convene(Ask ask) {
        var request = ask.requireRequest();
        var said = said(request);
        var base = ask.catalog().council(ask.model());
        var field =
                said == null ? OF_FILE : CooperationEndpoint.isAt(ask.arrival().endpoint()) ? "" : COOPERATION + ".";
        var filled = said == null && base != null
                ? new CouncilForm.Filled.Right(base)
                : CouncilForm.read(
                        String.valueOf(said).getBytes(UTF_8),
                        field,
                        base,
                        new CouncilForm.Known(
                                name -> ask.catalog().resolve(name, null).isPresent(),
                                name -> ask.catalog().route(name) != null,
                                name -> ask.catalog().council(name) != null,
                                prompts::hasTask));
        return switch (filled) {
            case CouncilForm.Filled.Wrong(var error) -> refuse(ask, error);
            case CouncilForm.Filled.Right(var council) -> {
                var setting = new Setting(ask, withEmbeddings(council), field, prompts.current(), deadlines);
                var error = objection(setting, request);
                yield error.isPresent()
                        ? refuse(ask, error.get())
                        : Optional.of(session(setting).begin());
            }
        };
    }

    private Council withEmbeddings(Council council) {
        return council.embeddings() != null || usualEmbeddings == null ? council : council.with(usualEmbeddings);
    }

    private static Optional<Session> refuse(Ask ask, ChatError error) {
        ask.settle(new Outcome.Failed(error));
        return Optional.empty();
    }

    private static Session session(Setting setting) {
        return switch (setting.council().mode()) {
            case PARALLEL -> new ParallelSession(setting);
            case SEQUENTIAL -> new SequentialSession(setting);
            case PIPELINE -> new PipelineSession(setting);
            case CASCADE -> new CascadeSession(setting);
        };
    }

    private static Optional<ChatError> objection(Setting setting, ChatRequest request) {
        if (request.operation() != Operation.CHAT) {
            return Optional.of(ChatError.invalid(
                    "model",
                    "Invalid value for 'model': several models together answer chats; ask '"
                            + setting.whole().model() + "' at " + Operation.CHAT.path() + "."));
        }
        if (Parts.wanted(request) > 1) {
            return Optional.of(
                    ChatError.invalid("n", "Invalid value for 'n': several models together give one answer."));
        }
        if (request.extensions().provider() != null) {
            return Optional.of(ChatError.invalid(
                    "provider",
                    "Invalid value for 'provider': each of several models has its own; write a member as"
                            + " 'provider:model' instead."));
        }
        var missing = setting.prompts().missing();
        if (missing.isPresent()) {
            return Optional.of(ChatError.of(
                    ErrorCode.INTERNAL_ERROR,
                    "The prompt file " + missing.get() + " is missing; models cannot cooperate" + " without it."));
        }
        if (setting.council().check() instanceof Check.Schema(var schema)) {
            return Forms.objection(schema)
                    .map(why -> ChatError.invalid(
                            setting.field() + "check.json_schema",
                            "Invalid value for '" + setting.field() + "check.json_schema': it is no JSON schema: "
                                    + why));
        }
        return setting.council().mode() == Council.Mode.PIPELINE
                ? objectionToSteps(setting, request)
                : Optional.empty();
    }

    private static Optional<ChatError> objectionToSteps(Setting setting, ChatRequest request) {
        var questions = new Questions(request, setting.prompts());
        var steps = String.valueOf(said(request)).contains("\"pipeline_config\"") ? "pipeline_config" : "steps";
        var members = setting.council().members();
        for (var i = 0; i < members.size(); i++) {
            var task = members.get(i).task();
            var place = setting.field() + steps + "[" + i + "]";
            if (task == null || !setting.prompts().hasTask(task.name())) {
                return Optional.of(ChatError.of(
                        ErrorCode.INTERNAL_ERROR,
                        "Step " + (i + 1) + " of '" + setting.whole().model() + "' has a task '"
                                + (task == null ? "" : task.name()) + "' that has no file in config/prompts/tasks."));
            }
            var error = questions.objection(task);
            if (error.isPresent()) {
                return error.map(why -> ChatError.invalid(place + ".params." + why.param(), why.message()));
            }
        }
        return Optional.empty();
    }
}

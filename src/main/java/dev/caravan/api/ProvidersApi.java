package dev.caravan.api;

import dev.caravan.catalog.Catalog;
import dev.caravan.catalog.LiveCatalog;
import dev.caravan.catalog.ProviderEntry;
import dev.caravan.catalog.ProviderForm;
import dev.caravan.catalog.ProviderForm.Filled;
import dev.caravan.catalog.ProviderSettings;
import dev.caravan.catalog.ProviderSource;
import dev.caravan.catalog.ProviderWrite;
import dev.caravan.chat.ChatError;
import dev.caravan.chat.ErrorCode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** {@code /admin/providers}: what it changes is in force when it answers. Keys are shown masked. Thread-safe. */
public final class ProvidersApi {

    private static final Logger LOG = LoggerFactory.getLogger(ProvidersApi.class);
    private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");
    private static final int TRIES = 20;

    private final LiveCatalog live;

    public ProvidersApi(LiveCatalog live) {
        this.live = live;
    }

    /** Every provider, by id. */
    public Answer list() {
        var catalog = live.current();
        var views = catalog.providers().stream()
                .map(spec -> view(catalog.entry(spec.id()).orElseThrow()))
                .toList();
        return new Answer.Ok(200, Map.of("object", "list", "data", views));
    }

    /**
     * One provider.
     *
     * @param idOrName its number or its name
     */
    public Answer get(String idOrName) {
        return find(live.current(), idOrName)
                .<Answer>map(entry -> new Answer.Ok(200, view(entry)))
                .orElseGet(() -> notFound(idOrName));
    }

    /**
     * Makes a provider.
     *
     * @param body JSON as {@link ProviderForm#create} reads it
     */
    public Answer create(byte[] body) {
        return switch (ProviderForm.create(body)) {
            case Filled.Wrong(var error) -> new Answer.Refused(error);
            case Filled.Right(var settings) ->
                decide(catalog -> catalog.provider(settings.name()).isPresent()
                        ? new No(taken(settings.name()))
                        : new Yes(
                                new ProviderWrite.Create(settings),
                                after -> after.entry(settings.name())
                                        .<Answer>map(entry -> new Answer.Ok(201, view(entry)))
                                        .orElseGet(() -> notFound(settings.name()))));
        };
    }

    /**
     * Changes what {@code body} names, and nothing else. A provider of the file is changed in the store, over the file.
     *
     * @param body JSON as {@link ProviderForm#change} reads it
     */
    public Answer change(String idOrName, byte[] body) {
        return onExisting(idOrName, (catalog, entry) -> {
            var before = entry.spec();
            return switch (ProviderForm.change(body, ProviderSettings.of(before))) {
                case Filled.Wrong(var error) -> new No(new Answer.Refused(error));
                case Filled.Right(var settings)
                when !settings.name().equals(before.name()) && entry.source() != ProviderSource.ADMIN ->
                    new No(conflict(
                            "name",
                            "Provider '" + before.name()
                                    + "' has its name from config/providers.yaml (or BASE_URL): rename it there."));
                case Filled.Right(var settings)
                when entry.ofThisRun() && !settings.baseUrl().equals(before.baseUrl()) ->
                    new No(conflict(
                            "base_url",
                            "Provider '" + before.name()
                                    + "' is the simulator in this process, whose url is another one after each start:"
                                    + " give its entry in config/providers.yaml another 'base_url', or make a new"
                                    + " provider."));
                case Filled.Right(var settings)
                when !settings.name().equals(before.name())
                        && catalog.provider(settings.name()).isPresent() -> new No(taken(settings.name()));
                case Filled.Right(var settings) ->
                    new Yes(new ProviderWrite.Put(before.id(), settings), _ -> get(String.valueOf(before.id())));
            };
        });
    }

    /** Removes a provider that the admin API made, or what it changed of one in the file, which is in force again then. */
    public Answer delete(String idOrName) {
        return onExisting(idOrName, (_, entry) -> {
            var id = entry.spec().id();
            var deleted = new Answer.Ok(200, Map.of("id", id, "object", "provider", "deleted", true));
            return switch (entry.source()) {
                case ADMIN -> new Yes(new ProviderWrite.Delete(id), _ -> deleted);
                case OVERRIDE -> new Yes(new ProviderWrite.Reset(id), _ -> deleted);
                case FILE ->
                    new No(conflict(
                            null,
                            "Provider '" + entry.spec().name()
                                    + "' stands in config/providers.yaml: remove it there, or"
                                    + " disable it with PATCH {\"enabled\": false}."));
                case ENVIRONMENT ->
                    new No(conflict(
                            null,
                            "Provider '" + entry.spec().name()
                                    + "' comes from the environment: unset BASE_URL, or disable"
                                    + " it with PATCH {\"enabled\": false}."));
            };
        });
    }

    private sealed interface Decision {}

    private record No(Answer answer) implements Decision {}

    private record Yes(ProviderWrite write, Function<Catalog, Answer> answer) implements Decision {}

    private Answer onExisting(String idOrName, BiFunction<Catalog, ProviderEntry, Decision> decision) {
        return decide(catalog -> find(catalog, idOrName)
                .map(entry -> decision.apply(catalog, entry))
                .orElseGet(() -> new No(notFound(idOrName))));
    }

    /** Decides again when another instance was faster, on what it left. */
    private Answer decide(Function<Catalog, Decision> decision) {
        try {
            live.refresh();
            for (var i = 0; i < TRIES; i++) {
                var basis = live.current();
                switch (decision.apply(basis)) {
                    case No(var answer) -> {
                        return answer;
                    }
                    case Yes(var write, var answer) -> {
                        if (live.write(basis, write)) {
                            return answer.apply(live.current());
                        }
                    }
                }
            }
            return conflict(null, "Other changes of providers kept coming between; try again.");
        } catch (DataAccessException | TransactionException e) {
            LOG.warn("Providers cannot be changed while the database is away: {}", e.toString());
            return new Answer.Refused(ChatError.of(
                            ErrorCode.SERVICE_UNAVAILABLE, "Providers cannot be changed: the database does not answer.")
                    .withCause("database"));
        }
    }

    private static Optional<ProviderEntry> find(Catalog catalog, String idOrName) {
        return NUMBER.matcher(idOrName).matches() ? catalog.entry(Integer.parseInt(idOrName)) : catalog.entry(idOrName);
    }

    private static Map<String, Object> view(ProviderEntry entry) {
        var view = new LinkedHashMap<String, Object>();
        view.put("id", entry.spec().id());
        view.put("object", "provider");
        view.putAll(ProviderForm.fields(ProviderSettings.of(entry.spec())));
        var key = entry.spec().apiKey();
        if (key != null) {
            view.put("api_key", key.masked());
        }
        view.put("source", entry.source().text());
        view.put("created_at", entry.created().toString());
        return view;
    }

    private static Answer notFound(String idOrName) {
        return new Answer.Refused(ChatError.of(
                ErrorCode.NOT_FOUND, "There is no provider '" + idOrName + "'; GET /admin/providers lists them."));
    }

    private static Answer taken(String name) {
        return conflict("name", "There is a provider '" + name + "' already; change it with PATCH.");
    }

    private static Answer conflict(@Nullable String param, String message) {
        return new Answer.Refused(
                new ChatError(ErrorCode.CONFLICT, ErrorCode.CONFLICT.status(), message, param, null, null));
    }
}

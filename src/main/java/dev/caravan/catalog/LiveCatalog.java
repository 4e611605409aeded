package dev.caravan.catalog;

import dev.caravan.reload.ConfigError;
import dev.caravan.reload.FileState;
import dev.caravan.reload.Reloadable;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The catalog in force: what the files and the environment say, with what the store says over it. Thread-safe:
 * {@link #current()} is one volatile read, and changes follow one another.
 */
public final class LiveCatalog implements Reloadable {

    /** What came of the first reading. */
    public sealed interface Opening {

        record Opened(LiveCatalog catalog) implements Opening {}

        /** The files are wrong, and there is no earlier state to go on with. */
        record Refused(List<ConfigError> errors) implements Opening {}
    }

    private final CatalogSource source;
    private final ProviderStore store;
    private final Clock clock;
    private final List<Consumer<ProviderChange>> listeners = new CopyOnWriteArrayList<>();
    private final Map<Integer, Discovered> discovered = new HashMap<>();
    private volatile Catalog current;
    private CatalogFiles.Values values;

    /** What the files say and is not in force: it stays when the store is away, so that the next look tries again. */
    private CatalogFiles.@Nullable Values waiting;

    private LiveCatalog(CatalogSource source, CatalogFiles.Values values, ProviderStore store, Clock clock) {
        this.source = source;
        this.values = values;
        this.store = store;
        this.clock = clock;
        this.current = merge(values);
        source.isInForce();
    }

    /**
     * Reads the files and the store for the first time.
     *
     * @param configDir the folder of {@code providers.yaml}, {@code models.yaml} and {@code prices.yaml}
     * @param lookup values of {@code ${NAME}}: the environment and what else the program knows
     * @throws IllegalStateException if a stored key was encrypted under another master key
     */
    public static Opening open(
            Path configDir, Function<String, @Nullable String> lookup, ProviderStore store, Clock clock) {
        var source = new CatalogSource(configDir, lookup, clock);
        source.now();
        return switch (source.read()) {
            case CatalogFiles.Wrong(var wrong) -> new Opening.Refused(wrong);
            case CatalogFiles.Values values -> new Opening.Opened(new LiveCatalog(source, values, store, clock));
        };
    }

    /** The catalog in force now. A request keeps the one it began with. */
    public Catalog current() {
        return current;
    }

    /** What is wrong in the files since their last good state, which is still in force; empty if nothing is. */
    public List<ConfigError> errors() {
        return source.errors();
    }

    @Override
    public List<FileState> files() {
        return source.states();
    }

    @Override
    public synchronized void look() {
        if (source.settled()) {
            read();
        }
        if (waiting != null) {
            refresh();
        }
    }

    @Override
    public synchronized void reload() {
        if (source.now()) {
            read();
        }
        refresh();
    }

    /**
     * Looks for changes of the store, and puts them in force, with what the files have been waiting for. Meant to be called
     * once a second.
     *
     * @return whether the catalog is another one now
     */
    public synchronized boolean refresh() {
        var next = waiting == null ? values : waiting;
        if (next == values && store.version() == current.version()) {
            return false;
        }
        swap(merge(next));
        values = next;
        if (waiting != null) {
            waiting = null;
            source.isInForce();
        }
        return true;
    }

    /**
     * Makes one change in the store and puts it in force, if nothing was changed since {@code basis}.
     *
     * @param basis the catalog on which the change was decided
     * @return false if somebody else was faster: decide again on {@link #current()}, which is new then
     */
    public synchronized boolean write(Catalog basis, ProviderWrite write) {
        var written = store.write(basis.version(), write);
        refresh();
        return written;
    }

    /** Puts in force what a provider's server has told of its models. Asks neither files nor store. */
    public synchronized void discovered(Discovered found) {
        if (!found.equals(discovered.put(found.asked().id(), found))) {
            current = current.with(discovered);
        }
    }

    /**
     * Tells {@code listener} of every provider there is, and from then on of every change: of an addition or a change
     * before it is in force, of a removal after it is. It is called by one thread at a time.
     */
    public synchronized void listen(Consumer<ProviderChange> listener) {
        current.providers().forEach(spec -> listener.accept(new ProviderChange.Added(spec)));
        listeners.add(listener);
    }

    private void read() {
        switch (source.read()) {
            case CatalogFiles.Wrong _ -> waiting = null;
            case CatalogFiles.Values read
            when read.equals(values) -> {
                waiting = null;
                source.isInForce();
            }
            case CatalogFiles.Values read -> waiting = read;
        }
    }

    private void swap(Catalog next) {
        var changes = ProviderChange.between(current, next);
        for (var change : changes) {
            if (!(change instanceof ProviderChange.Removed)) {
                listeners.forEach(listener -> listener.accept(change));
            }
        }
        discovered
                .keySet()
                .retainAll(next.providers().stream().map(ProviderSpec::id).toList());
        current = next;
        for (var change : changes) {
            if (change instanceof ProviderChange.Removed) {
                listeners.forEach(listener -> listener.accept(change));
            }
        }
    }

    private Catalog merge(CatalogFiles.Values values) {
        var names = values.providers().stream()
                .map(given -> given.settings().name())
                .toList();
        var stored = store.load(names);
        var entries = new ArrayList<ProviderEntry>();
        for (var given : values.providers()) {
            stored.rows().stream()
                    .filter(row -> row.name().equals(given.settings().name()))
                    .forEach(row -> entries.add(entry(row, given)));
        }
        for (var row : stored.rows()) {
            var own = row.own();
            if (own != null && !names.contains(row.name())) {
                entries.add(new ProviderEntry(own.withId(row.id()), ProviderSource.ADMIN, row.created()));
            }
        }
        return new Catalog(
                        stored.version(), entries, values.models(), values.routes(), new Prices(values.prices()), clock)
                .with(discovered);
    }

    private static ProviderEntry entry(ProviderStore.Row row, CatalogFiles.Given given) {
        var own = row.own();
        if (own == null) {
            return new ProviderEntry(
                    given.settings().withId(row.id()), given.source(), row.created(), given.ofThisRun());
        }
        var now = given.ofThisRun() ? own.withBaseUrl(given.settings().baseUrl()) : own;
        return new ProviderEntry(now.withId(row.id()), ProviderSource.OVERRIDE, row.created(), given.ofThisRun());
    }
}

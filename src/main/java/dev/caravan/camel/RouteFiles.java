package dev.caravan.camel;

import dev.caravan.reload.ConfigError;
import dev.caravan.reload.FileState;
import dev.caravan.reload.FileText;
import dev.caravan.reload.Reloadable;
import dev.caravan.reload.SettledFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.model.ModelCamelContext;
import org.jspecify.annotations.Nullable;

/**
 * The routes as they stand in the folder of routes, its folder {@code custom} included. A changed file is put in force
 * without failing a request: its routes are started beside the old ones, take over from them, and the old ones are removed
 * when they have finished. A file that is wrong, or does not agree with the others, changes nothing. Thread-safe.
 */
public final class RouteFiles implements Reloadable {

    private static final String SUFFIX = ".camel.yaml";

    /** A file in force, and the routes that came of it. */
    private record Loaded(String digest, Instant since, RouteOutline outline, List<RouteStart.Started> routes) {}

    private record Refused(String digest, ConfigError error, Instant since) {}

    private final Path folder;
    private final ModelCamelContext camel;
    private final RouteRetirement retirement;
    private final ProviderRoutes providers;
    private final Clock clock;
    private final SettledFiles files = new SettledFiles();
    private final Map<Path, Loaded> loaded = new TreeMap<>();
    private Map<Path, Refused> refused = Map.of();
    private volatile List<FileState> states = List.of();
    private int generation;

    /** @param providers their routes are made again when route templates have changed */
    public RouteFiles(
            Path folder, CamelContext camel, RouteRetirement retirement, ProviderRoutes providers, Clock clock) {
        this.folder = folder;
        this.camel = (ModelCamelContext) camel;
        this.retirement = retirement;
        this.providers = providers;
        this.clock = clock;
    }

    /**
     * Reads every file for the first time.
     *
     * @throws IllegalStateException with file and reason, if one is wrong or there is none
     */
    public synchronized void load() {
        files.now(paths());
        if (files.texts().isEmpty()) {
            throw new IllegalStateException("There is no file *" + SUFFIX + " in " + folder + ".");
        }
        var wrong = new TreeMap<Path, ConfigError>();
        changes(wrong);
        // what others miss of a file that cannot be read is only a consequence
        if (wrong.isEmpty()) {
            follow();
            refused.forEach((file, each) -> wrong.put(file, each.error()));
        }
        if (!wrong.isEmpty()) {
            throw new IllegalStateException(
                    wrong.values().stream().map(ConfigError::toString).collect(Collectors.joining("\n")));
        }
    }

    @Override
    public synchronized void look() {
        if (files.look(paths())) {
            follow();
        }
    }

    @Override
    public synchronized void reload() {
        files.now(paths());
        follow();
    }

    @Override
    public List<FileState> files() {
        return states;
    }

    /** Takes all changes together; as long as one is wrong, those without it. */
    private void follow() {
        var wrong = new TreeMap<Path, ConfigError>();
        var changes = changes(wrong);
        for (var problem = take(changes); problem.isPresent(); problem = take(changes)) {
            var file = Path.of(problem.get().file());
            wrong.put(file, problem.get());
            if (changes.remove(file) == null) {
                break;
            }
        }
        publish(wrong);
    }

    /** What every changed file says now; nothing for one that is gone. What cannot be read goes to {@code wrong}. */
    private Map<Path, Optional<RouteOutline>> changes(Map<Path, ConfigError> wrong) {
        var texts = files.texts();
        var changes = new TreeMap<Path, Optional<RouteOutline>>();
        for (var file : loaded.keySet()) {
            if (!texts.containsKey(file)) {
                if (texts.isEmpty()) {
                    wrong.put(
                            file, new ConfigError(file, null, "the file is gone, and every other file of routes too"));
                } else {
                    changes.put(file, Optional.empty());
                }
            }
        }
        texts.forEach((file, text) -> {
            var before = loaded.get(file);
            if (before == null || !before.digest().equals(text.digest())) {
                try {
                    changes.put(file, Optional.of(RouteOutline.of(read(file, text))));
                } catch (RefusedFile e) {
                    wrong.put(file, e.error);
                }
            }
        });
        return changes;
    }

    /** Puts changes in force, if nothing is wrong with any. */
    private Optional<ConfigError> take(Map<Path, Optional<RouteOutline>> changes) {
        if (changes.isEmpty()) {
            return Optional.empty();
        }
        var before = new TreeMap<Path, RouteOutline>();
        loaded.forEach((file, each) -> before.put(file, each.outline()));
        var after = new TreeMap<>(before);
        changes.forEach((file, outline) ->
                outline.ifPresentOrElse(changed -> after.put(file, changed), () -> after.remove(file)));
        var disagreement = new RouteChecks(folder, before, after, changes.keySet()).problem();
        if (disagreement.isPresent()) {
            return disagreement;
        }
        try {
            return start(changes, keys(before.values()), keys(after.values()));
        } catch (RefusedFile e) {
            return Optional.of(e.error);
        }
    }

    private Optional<ConfigError> start(
            Map<Path, Optional<RouteOutline>> changes, Set<String> before, Set<String> after) throws RefusedFile {
        var texts = files.texts();
        var present = new ArrayList<RouteFile>();
        for (var file : changes.keySet()) {
            var text = texts.get(file);
            if (text != null) {
                present.add(read(file, text));
            }
        }
        var templates = hasTemplate(changes) && camel.isStarted();
        var goneTemplates = before.stream()
                .filter(key -> key.startsWith(RouteOutline.TEMPLATE) && !after.contains(key))
                .map(key -> key.substring(RouteOutline.TEMPLATE.length()))
                .collect(Collectors.toSet());
        var start = new RouteStart(camel, retirement, generation++ == 0 ? "" : "~" + generation);
        Optional<ConfigError> problem;
        // whoever makes a provider's route meanwhile would find no template
        synchronized (providers) {
            synchronized (retirement) {
                problem = start.run(present, goneTemplates, before, templates ? providers::rebuild : () -> {});
            }
        }
        if (problem.isEmpty()) {
            changes.forEach((file, outline) -> replace(file, outline, texts.get(file), start, after));
        }
        return problem;
    }

    private void replace(
            Path file, Optional<RouteOutline> outline, @Nullable FileText text, RouteStart start, Set<String> after) {
        var old = loaded.remove(file);
        if (old != null) {
            old.routes().forEach(route -> retirement.replace(route.routeId(), route.offers(), after));
        }
        if (outline.isPresent() && text != null) {
            var routes = start.started().stream()
                    .filter(route -> route.file().equals(file))
                    .toList();
            loaded.put(file, new Loaded(text.digest(), clock.instant(), outline.get(), routes));
        }
    }

    private boolean hasTemplate(Map<Path, Optional<RouteOutline>> changes) {
        return changes.values().stream()
                .flatMap(Optional::stream)
                .flatMap(outline -> outline.named().stream())
                .anyMatch(named -> named.key().startsWith(RouteOutline.TEMPLATE));
    }

    private void publish(Map<Path, ConfigError> wrong) {
        var texts = files.texts();
        var now = new TreeMap<Path, Refused>();
        wrong.forEach((file, error) -> {
            var digest = texts.containsKey(file) ? texts.get(file).digest() : "";
            var before = refused.get(file);
            var same = before != null
                    && before.digest().equals(digest)
                    && before.error().equals(error);
            now.put(file, same ? before : new Refused(digest, error, clock.instant()));
        });
        refused = now;
        var all = new TreeSet<>(loaded.keySet());
        all.addAll(refused.keySet());
        states = all.stream().map(file -> state(file, texts.get(file))).toList();
    }

    private FileState state(Path file, @Nullable FileText text) {
        var current = loaded.get(file);
        var wrong = refused.get(file);
        return new FileState(
                file,
                FileState.Kind.ROUTES,
                current == null ? null : current.since(),
                current == null ? null : current.digest(),
                current != null && text != null && current.digest().equals(text.digest()),
                false,
                wrong == null ? List.of() : List.of(wrong.error()),
                wrong == null ? null : wrong.since());
    }

    private RouteFile read(Path file, FileText text) throws RefusedFile {
        var errors = new RouteErrors(file, text);
        if (text.problem() != null) {
            throw new RefusedFile(new ConfigError(file, 1, text.problem()));
        }
        try {
            var read = RouteFile.read(file, text, camel);
            if (new RouteLines(text.text()).areEmpty()) {
                throw new RefusedFile(errors.empty());
            }
            for (var route : read.routes()) {
                if (route.getId() == null || !route.hasCustomIdAssigned()) {
                    throw new RefusedFile(new ConfigError(
                            file, RouteOutline.lineOf(route, new RouteLines(text.text())), "a route needs an 'id'"));
                }
            }
            return read;
        } catch (RefusedFile e) {
            throw e;
        } catch (Exception | LinkageError | StackOverflowError e) {
            throw new RefusedFile(errors.reading(e));
        }
    }

    private List<Path> paths() {
        return Stream.of(folder, folder.resolve("custom"))
                .flatMap(RouteFiles::list)
                .filter(file -> file.getFileName().toString().endsWith(SUFFIX))
                .sorted()
                .toList();
    }

    private static Stream<Path> list(Path directory) {
        try (var files = Files.list(directory)) {
            return files.toList().stream();
        } catch (NoSuchFileException | NotDirectoryException _) {
            return Stream.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<String> keys(Iterable<RouteOutline> outlines) {
        var keys = new HashSet<String>();
        outlines.forEach(outline -> outline.named().forEach(named -> keys.add(named.key())));
        return keys;
    }
}

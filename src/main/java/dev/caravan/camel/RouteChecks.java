package dev.caravan.camel;

import dev.caravan.reload.ConfigError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Whether files of routes agree with each other; where they do not, one that has changed is to blame. */
final class RouteChecks {

    private record Place(Path file, RouteOutline.Named named) {}

    private final Path folder;
    private final Map<Path, RouteOutline> before;
    private final Map<Path, RouteOutline> after;
    private final Set<Path> changed;

    /**
     * What is to be checked.
     *
     * @param folder that of the routes; messages name files as from its parent
     * @param before the files in force, which agree with each other
     * @param after the files that would be
     * @param changed those that are new, different or gone
     */
    RouteChecks(Path folder, Map<Path, RouteOutline> before, Map<Path, RouteOutline> after, Set<Path> changed) {
        this.folder = folder;
        this.before = before;
        this.after = new TreeMap<>(after);
        this.changed = changed;
    }

    /** The first thing that is wrong. */
    Optional<ConfigError> problem() {
        return twice().or(this::missingTemplate).or(this::missingEndpoint);
    }

    private Optional<ConfigError> twice() {
        var places = new HashMap<String, Place>();
        for (var file : unchangedFirst()) {
            for (var named : after.getOrDefault(file, new RouteOutline(List.of(), List.of()))
                    .named()) {
                var first = places.putIfAbsent(named.key(), new Place(file, named));
                if (first != null) {
                    return Optional.of(new ConfigError(
                            file,
                            named.line(),
                            "the " + named.text() + " is there twice, here and in "
                                    + place(first.file(), first.named().line())
                                    + "; each may be there once"));
                }
            }
        }
        return Optional.empty();
    }

    private Optional<ConfigError> missingTemplate() {
        var key = RouteOutline.TEMPLATE + ProviderRoutes.TEMPLATE;
        return offered(after).contains(key)
                ? Optional.empty()
                : Optional.of(new ConfigError(
                        owner(key).orElse(folder),
                        null,
                        "the route template '" + ProviderRoutes.TEMPLATE
                                + "' must be there, since the routes of the providers are made from it"));
    }

    private Optional<ConfigError> missingEndpoint() {
        var there = offered(after);
        for (var file : unchangedFirst()) {
            for (var call : after.getOrDefault(file, new RouteOutline(List.of(), List.of()))
                    .calls()) {
                if (!there.contains(call.key())) {
                    return Optional.of(missing(file, call));
                }
            }
        }
        return Optional.empty();
    }

    private ConfigError missing(Path file, RouteOutline.Call call) {
        var owner = owner(call.key());
        return owner.isPresent() && !changed.contains(file)
                ? new ConfigError(
                        owner.get(),
                        null,
                        "the endpoint '" + call.key() + "' is no longer there, but " + place(file, call.line())
                                + " calls it")
                : new ConfigError(
                        file, call.line(), "the endpoint '" + call.key() + "' is called here, and no route serves it");
    }

    /** The changed file that has something no longer. */
    private Optional<Path> owner(String key) {
        return changed.stream()
                .filter(file -> before.containsKey(file)
                        && before.get(file).named().stream()
                                .anyMatch(named -> named.key().equals(key)))
                .findFirst();
    }

    private List<Path> unchangedFirst() {
        var files = new ArrayList<>(after.keySet());
        files.sort((one, other) -> Boolean.compare(changed.contains(one), changed.contains(other)));
        return files;
    }

    private static Set<String> offered(Map<Path, RouteOutline> files) {
        return files.values().stream()
                .flatMap(outline -> outline.named().stream())
                .map(RouteOutline.Named::key)
                .collect(Collectors.toSet());
    }

    private String place(Path file, @Nullable Integer line) {
        var parent = folder.toAbsolutePath().getParent();
        var shown = parent == null ? file : parent.relativize(file.toAbsolutePath());
        return shown + (line == null ? "" : ":" + line);
    }
}

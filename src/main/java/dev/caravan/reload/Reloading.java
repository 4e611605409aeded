package dev.caravan.reload;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything that follows its files, together. What is wrong is told in the log, once; a part that cannot follow just now
 * (the database is away, say) does not keep the others from it. Thread-safe.
 */
public final class Reloading {

    private static final Logger LOG = LoggerFactory.getLogger(Reloading.class);

    private final Path home;
    private final List<Reloadable> parts;
    private Set<ConfigError> told = Set.of();
    private @Nullable Map<Path, String> inForce;
    private String failure = "";

    /** @param home the folder from which files are named */
    public Reloading(Path home, List<? extends Reloadable> parts) {
        this.home = home.toAbsolutePath().normalize();
        this.parts = List.copyOf(parts);
    }

    /** Puts in force what has changed and stood still since. */
    public synchronized void look() {
        var thrown = each(Reloadable::look);
        var now = thrown == null ? "" : thrown.toString();
        if (!now.equals(failure)) {
            failure = now;
            if (thrown != null) {
                LOG.warn("A change of the configuration waits, and is tried again: {}", now);
            }
        }
    }

    /**
     * Puts in force what the files hold at this moment. An unchecked exception says why a part could not, if not for what
     * stands in its files; the others have followed theirs.
     */
    public synchronized void reload() {
        var thrown = each(Reloadable::reload);
        if (thrown != null) {
            throw thrown;
        }
    }

    /** What is known of each file, which is named from the home where it is in there. */
    public List<FileState> files() {
        return parts.stream()
                .flatMap(part -> part.files().stream())
                .map(this::named)
                .toList();
    }

    /** Everything that is wrong at present. */
    public List<ConfigError> errors() {
        return files().stream().flatMap(file -> file.errors().stream()).toList();
    }

    private void tellChanges() {
        var before = inForce;
        var now = digests();
        inForce = now;
        if (before == null) {
            return; // what a start reads is no change
        }
        now.forEach((file, digest) -> {
            if (!digest.equals(before.get(file))) {
                LOG.info("{} is in force as it stands there now", file);
            }
        });
        before.keySet().stream()
                .filter(file -> !now.containsKey(file))
                .forEach(file -> LOG.info("{} is no longer in force: it is gone", file));
    }

    private Map<Path, String> digests() {
        var digests = new TreeMap<Path, String>();
        files().forEach(state -> {
            if (state.digest() != null) {
                digests.put(state.file(), state.digest());
            }
        });
        return digests;
    }

    private FileState named(FileState state) {
        var file = named(state.file());
        var errors = state.errors().stream()
                .map(error -> new ConfigError(file.toString(), error.line(), error.column(), error.message()))
                .toList();
        return new FileState(
                file,
                state.kind(),
                state.loadedAt(),
                state.digest(),
                state.inForce(),
                state.restartRequired(),
                errors,
                state.failedAt());
    }

    private Path named(Path file) {
        var absolute = file.toAbsolutePath().normalize();
        return absolute.startsWith(home) ? home.relativize(absolute) : absolute;
    }

    private @Nullable RuntimeException each(Consumer<Reloadable> step) {
        RuntimeException thrown = null;
        for (var part : parts) {
            try {
                step.accept(part);
            } catch (Throwable e) {
                var unchecked =
                        e instanceof RuntimeException runtime ? runtime : new IllegalStateException(e.toString(), e);
                if (thrown == null) {
                    thrown = unchecked;
                } else {
                    thrown.addSuppressed(unchecked);
                }
            }
        }
        tellChanges();
        var errors = errors();
        errors.stream()
                .filter(error -> !told.contains(error))
                .forEach(error -> LOG.error("{}; the last good state stays in force", error));
        told = new HashSet<>(errors);
        return thrown;
    }
}

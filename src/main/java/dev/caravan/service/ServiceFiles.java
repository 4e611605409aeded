package dev.caravan.service;

import dev.caravan.catalog.Problems;
import dev.caravan.reload.ConfigError;
import dev.caravan.reload.FileState;
import dev.caravan.reload.FileText;
import dev.caravan.reload.Reloadable;
import dev.caravan.reload.SettledFiles;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The services in {@code config/services}: each file is one. A new or changed file is in force within a second, a wrong one
 * leaves what was there before, and with a file its service goes. Thread-safe.
 */
public final class ServiceFiles implements Reloadable {

    private static final String ENDING = ".yaml";
    private static final String NAME = "[a-z][a-z0-9_-]{0,63}";

    private record InForce(ServiceSpec spec, String digest, Instant since) {}

    private record Read(@Nullable ServiceSpec spec, List<ConfigError> errors) {}

    private final Path folder;
    private final Clock clock;
    private final SettledFiles files = new SettledFiles();
    private Map<Path, InForce> inForce = Map.of();
    private volatile Map<String, ServiceSpec> services = Map.of();
    private volatile List<FileState> states = List.of();

    /** @param folder that of the files */
    public ServiceFiles(Path folder, Clock clock) {
        this.folder = folder;
        this.clock = clock;
        reload();
    }

    /** The service of this name. */
    public Optional<ServiceSpec> find(String name) {
        return Optional.ofNullable(services.get(name));
    }

    /** Every service, by name. */
    public List<ServiceSpec> all() {
        return List.copyOf(services.values());
    }

    @Override
    public synchronized void look() {
        if (files.look(paths())) {
            take();
        }
    }

    @Override
    public synchronized void reload() {
        files.now(paths());
        take();
    }

    @Override
    public List<FileState> files() {
        return states;
    }

    private List<Path> paths() {
        return SettledFiles.in(folder, ENDING);
    }

    private void take() {
        var now = new HashMap<Path, InForce>();
        var told = new TreeMap<Path, FileState>();
        files.texts().forEach((file, text) -> {
            var old = inForce.get(file);
            var read = old != null && old.digest().equals(text.digest())
                    ? new Read(old.spec(), List.of())
                    : read(file, text);
            var next = read.spec() == null
                    ? old
                    : old != null && old.spec() == read.spec()
                            ? old
                            : new InForce(read.spec(), text.digest(), clock.instant());
            if (next != null) {
                now.put(file, next);
            }
            told.put(file, state(file, next, read.errors()));
        });
        inForce = Map.copyOf(now);
        var byName = new TreeMap<String, ServiceSpec>();
        now.values().forEach(each -> byName.put(each.spec().name(), each.spec()));
        services = byName;
        states = List.copyOf(told.values());
    }

    private FileState state(Path file, @Nullable InForce now, List<ConfigError> errors) {
        return new FileState(
                file,
                FileState.Kind.SERVICES,
                now == null ? null : now.since(),
                now == null ? null : now.digest(),
                errors.isEmpty(),
                false,
                errors,
                errors.isEmpty() ? null : clock.instant());
    }

    private static Read read(Path file, FileText text) {
        var name = String.valueOf(file.getFileName()).replaceAll("\\.yaml$", "");
        var wrong = text.problem() != null
                ? text.problem()
                : name.matches(NAME)
                        ? null
                        : "the file's name is the service's: at most 64 of a-z, 0-9, '_' and '-', with a letter first";
        if (wrong != null) {
            return new Read(null, List.of(new ConfigError(file, 1, wrong)));
        }
        var problems = new Problems();
        var spec = ServiceForm.read(name, text.text(), problems);
        return new Read(
                spec.orElse(null),
                problems.all().stream()
                        .map(each ->
                                new ConfigError(Objects.toString(file), each.line(), each.column(), each.message()))
                        .toList());
    }
}

package dev.caravan.catalog;

import dev.caravan.reload.ConfigError;
import dev.caravan.reload.FileState;
import dev.caravan.reload.FileText;
import dev.caravan.reload.SettledFiles;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The files of the catalog: what they hold, what of it is in force and what is wrong with it. Changed by one thread at a time. */
final class CatalogSource {

    private record InForce(String digest, Instant since) {}

    private static final Map<String, FileState.Kind> KINDS = Map.of(
            "providers.yaml", FileState.Kind.PROVIDERS,
            "models.yaml", FileState.Kind.MODELS,
            "prices.yaml", FileState.Kind.PRICES);

    private final Path configDir;
    private final Function<String, @Nullable String> lookup;
    private final Clock clock;
    private final SettledFiles files = new SettledFiles();
    private final Map<Path, InForce> inForce = new HashMap<>();
    private volatile List<ConfigError> errors = List.of();
    private volatile List<FileState> states = List.of();
    private @Nullable Instant failedAt;

    CatalogSource(Path configDir, Function<String, @Nullable String> lookup, Clock clock) {
        this.configDir = configDir;
        this.lookup = lookup;
        this.clock = clock;
    }

    /** Whether a file has changed and stood still since. */
    boolean settled() {
        var changed = files.look(CatalogFiles.paths(configDir));
        if (changed) {
            publish();
        }
        return changed;
    }

    /** Reads the files as they are at this moment; whether they have changed. */
    boolean now() {
        var changed = files.now(CatalogFiles.paths(configDir));
        publish();
        return changed;
    }

    /** What the files that were read last mean. */
    CatalogFiles.Result read() {
        var result = CatalogFiles.read(configDir, files.texts(), lookup);
        var found = result instanceof CatalogFiles.Wrong(var wrong) ? wrong : List.<ConfigError>of();
        if (!found.equals(errors)) {
            errors = found;
            failedAt = clock.instant();
        }
        publish();
        return result;
    }

    /** Remembers that what was read last is in force from now on. */
    void isInForce() {
        var texts = files.texts();
        inForce.keySet().retainAll(texts.keySet());
        texts.forEach((file, text) -> inForce.compute(
                file,
                (_, before) -> before != null && before.digest().equals(text.digest())
                        ? before
                        : new InForce(text.digest(), clock.instant())));
        publish();
    }

    /** May be asked at any time, from any thread. */
    List<ConfigError> errors() {
        return errors;
    }

    /** May be asked at any time, from any thread: also while a change waits for the store. */
    List<FileState> states() {
        return states;
    }

    private void publish() {
        var texts = files.texts();
        var strangers = errors.stream().map(ConfigError::file).map(Path::of);
        var all = new TreeSet<>(Stream.of(texts.keySet().stream(), inForce.keySet().stream(), strangers)
                .flatMap(Function.identity())
                .toList());
        states = all.stream().map(file -> state(file, texts.get(file))).toList();
    }

    private FileState state(Path file, @Nullable FileText text) {
        var current = inForce.get(file);
        var digest = current == null ? null : current.digest();
        var wrong = errors.stream()
                .filter(error -> error.file().equals(file.toString()))
                .toList();
        return new FileState(
                file,
                KINDS.getOrDefault(String.valueOf(file.getFileName()), FileState.Kind.SETTINGS),
                current == null ? null : current.since(),
                digest,
                Objects.equals(digest, text == null ? null : text.digest()),
                false,
                wrong,
                wrong.isEmpty() ? null : failedAt);
    }
}

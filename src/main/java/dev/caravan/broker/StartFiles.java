package dev.caravan.broker;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.caravan.jobs.TopicSpec;
import dev.caravan.reload.ConfigError;
import dev.caravan.reload.FileState;
import dev.caravan.reload.FileText;
import dev.caravan.reload.Reloadable;
import dev.caravan.reload.SettledFiles;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * The files that are read at the start only. What they say now is checked, so that a mistake is known before the next
 * start and not by it. Thread-safe.
 */
final class StartFiles implements Reloadable {

    private final Path settings;
    private final Path topics;
    private final SettingsCheck check;
    private final Clock clock;
    private final Instant started;
    private final SettledFiles files = new SettledFiles();
    private final Map<Path, FileText> atStart;
    private volatile List<FileState> states;

    StartFiles(BrokerSettings settings, ConfigurableEnvironment environment, Clock clock) {
        this.settings = settings.configFolder().resolve("application.yaml");
        this.topics = settings.topics();
        this.check = new SettingsCheck(environment);
        this.clock = clock;
        this.started = clock.instant();
        files.now(paths());
        this.atStart = files.texts();
        this.states = states();
    }

    @Override
    public synchronized void look() {
        if (files.look(paths())) {
            states = states();
        }
    }

    @Override
    public synchronized void reload() {
        if (files.now(paths())) {
            states = states();
        }
    }

    @Override
    public List<FileState> files() {
        return states;
    }

    private List<Path> paths() {
        return List.of(settings, topics);
    }

    private List<FileState> states() {
        var texts = files.texts();
        return paths().stream()
                .filter(file -> atStart.containsKey(file) || texts.containsKey(file))
                .map(file -> state(file, texts.get(file)))
                .toList();
    }

    private FileState state(Path file, @Nullable FileText text) {
        var before = atStart.get(file);
        var changed = !Objects.equals(before, text);
        var wrong = changed && text != null ? problem(file, text) : Optional.<ConfigError>empty();
        return new FileState(
                file,
                file.equals(settings) ? FileState.Kind.SETTINGS : FileState.Kind.TOPICS,
                before == null ? null : started,
                before == null ? null : before.digest(),
                !changed,
                changed,
                wrong.stream().toList(),
                wrong.isPresent() ? clock.instant() : null);
    }

    private Optional<ConfigError> problem(Path file, FileText text) {
        if (text.problem() != null) {
            return Optional.of(new ConfigError(file, 1, text.problem()));
        }
        return file.equals(settings) ? check.problem(file, text.text()) : topics(file);
    }

    private static Optional<ConfigError> topics(Path file) {
        try {
            TopicSpec.read(file);
            return Optional.empty();
        } catch (IllegalStateException e) {
            return Optional.of(
                    e.getCause() instanceof JsonProcessingException json && json.getLocation() != null
                            ? new ConfigError(
                                    file.toString(),
                                    json.getLocation().getLineNr(),
                                    json.getLocation().getColumnNr(),
                                    "is no list of topics: "
                                            + json.getOriginalMessage()
                                                    .lines()
                                                    .findFirst()
                                                    .orElse(""))
                            : new ConfigError(file, null, "is no list of topics"));
        }
    }
}

package dev.caravan.api;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.caravan.chat.ChatError;
import dev.caravan.chat.ErrorCode;
import dev.caravan.reload.ConfigError;
import dev.caravan.reload.FileState;
import dev.caravan.reload.Reloading;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** {@code /admin/config}: which configuration files are in force, since when, and what is wrong. Thread-safe. */
public final class ConfigApi {

    private static final Logger LOG = LoggerFactory.getLogger(ConfigApi.class);

    /** @param status {@code ok}, or {@code error} while anything is wrong */
    @JsonNaming(SnakeCaseStrategy.class)
    record State(String object, String status, boolean restartRequired, List<File> files, List<Wrong> errors) {}

    @JsonNaming(SnakeCaseStrategy.class)
    record File(
            String file,
            String kind,
            @Nullable Instant loadedAt,
            @Nullable String digest,
            boolean inForce,
            boolean restartRequired,
            @Nullable Wrong lastError) {}

    record Wrong(
            String file,
            @Nullable Integer line,
            @Nullable Integer column,
            String reason,
            @Nullable Instant at) {}

    private final Reloading reloading;

    public ConfigApi(Reloading reloading) {
        this.reloading = reloading;
    }

    /** {@code GET /admin/config}. Reads no file and asks nobody. */
    public Answer state() {
        return new Answer.Ok(200, view());
    }

    /** {@code POST /admin/config/reload}: the files are read at once, and the answer tells what came of it. */
    public Answer reload() {
        try {
            reloading.reload();
        } catch (DataAccessException | TransactionException e) {
            LOG.warn("A reload waits for the database: {}", e.toString());
            return new Answer.Refused(ChatError.of(
                            ErrorCode.SERVICE_UNAVAILABLE,
                            "A changed file is right and will be in force when the database answers.")
                    .withCause("database"));
        }
        var errors = reloading.errors();
        return errors.isEmpty() ? state() : new Answer.Refused(ChatError.invalid(null, sentence(errors)));
    }

    private static String sentence(List<ConfigError> errors) {
        return errors.getFirst() + "; the last good state stays in force"
                + (errors.size() == 1 ? "." : ". " + (errors.size() - 1) + " more: GET /admin/config lists them all.");
    }

    private State view() {
        var files = reloading.files();
        var errors = files.stream().flatMap(file -> wrong(file).stream()).toList();
        return new State(
                "config",
                errors.isEmpty() ? "ok" : "error",
                files.stream().anyMatch(FileState::restartRequired),
                files.stream().map(ConfigApi::view).toList(),
                errors);
    }

    private static File view(FileState file) {
        var wrong = wrong(file);
        return new File(
                file.file().toString(),
                file.kind().text(),
                file.loadedAt(),
                file.digest() == null ? null : "sha256:" + file.digest(),
                file.inForce(),
                file.restartRequired(),
                wrong.isEmpty() ? null : wrong.getFirst());
    }

    private static List<Wrong> wrong(FileState file) {
        return file.errors().stream()
                .map(error -> new Wrong(error.file(), error.line(), error.column(), error.message(), file.failedAt()))
                .toList();
    }
}

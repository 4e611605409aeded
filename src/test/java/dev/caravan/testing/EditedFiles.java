package dev.caravan.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Configuration files of the shared broker that a test edits; closing it puts them back and waits until they are in force. */
public final class EditedFiles implements AutoCloseable {

    /** A file stands still for a while before it is taken; the rest is for a machine with other work. */
    public static final Duration SOON = Duration.ofSeconds(5);

    private static final ObjectMapper JSON = new ObjectMapper();

    private final RunningBroker broker = RunningBroker.shared();
    private final Map<String, Optional<String>> before = new HashMap<>();

    /** The text of a file, which is named from the home. */
    public String text(String file) {
        return read(file).orElse("");
    }

    /** Writes a file in place. */
    public void write(String file, String text) {
        before.computeIfAbsent(file, this::read);
        try {
            Files.createDirectories(path(file).getParent());
            Files.writeString(path(file), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes a file as editors do: another file is written, and put in its place. */
    public void rename(String file, String text) {
        before.computeIfAbsent(file, this::read);
        try {
            var other = path(file).resolveSibling(".new~");
            Files.writeString(other, text);
            Files.move(other, path(file), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void delete(String file) {
        before.computeIfAbsent(file, this::read);
        try {
            Files.deleteIfExists(path(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Has the broker take at once what was written, which it would see by itself a little later. */
    public void reload() {
        broker.admin("POST", "/admin/config/reload", "");
    }

    /** {@code GET /admin/config}. */
    public JsonNode config() {
        return json(broker.admin("GET", "/admin/config", null).body());
    }

    /** What {@code GET /admin/config} says of a file; missing if it says nothing. */
    public JsonNode state(String file) {
        for (var each : config().path("files")) {
            if (each.path("file").asText().equals(file)) {
                return each;
            }
        }
        return JSON.missingNode();
    }

    /** Waits until what a file holds is in force, or it is gone. */
    public void awaitInForce(String file) {
        await(file).atMost(SOON).untilAsserted(() -> {
            var state = state(file);
            assertThat(state.path("last_error").isNull() || state.isMissingNode())
                    .as(state.toString())
                    .isTrue();
            assertThat(state.isMissingNode() == !Files.exists(path(file))).isTrue();
            assertThat(state.isMissingNode() || state.path("in_force").asBoolean())
                    .as(state.toString())
                    .isTrue();
            // what was written last may not have been read
            assertThat(read(file).map(EditedFiles::digest).orElse(""))
                    .isEqualTo(state.path("digest").asText());
        });
    }

    /** Waits until a file is refused, and gives its error. */
    public JsonNode awaitError(String file) {
        return await(file).atMost(SOON).until(() -> state(file).path("last_error"), JsonNode::isObject);
    }

    @Override
    public void close() {
        before.forEach((file, text) -> text.ifPresentOrElse(old -> write(file, old), () -> delete(file)));
        reload();
        before.keySet().forEach(this::awaitInForce);
    }

    private Path path(String file) {
        return broker.home().resolve(file);
    }

    private Optional<String> read(String file) {
        try {
            return Files.exists(path(file)) ? Optional.of(Files.readString(path(file))) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String digest(String text) {
        try {
            return "sha256:"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static JsonNode json(@Nullable String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError(text, e);
        }
    }
}

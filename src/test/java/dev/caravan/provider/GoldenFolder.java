package dev.caravan.provider;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.caravan.chat.ChatRequest;
import dev.caravan.chat.Operation;
import dev.caravan.provider.openai.ChatRequestReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;

/**
 * The golden files of one dialect, {@code src/test/golden/DIALECT} for chats and a folder in it for any other operation,
 * and the requests that all dialects share. Trees keep the order of their members and the text of their numbers.
 */
final class GoldenFolder {

    static final ObjectMapper JSON = new ObjectMapper()
            .setNodeFactory(JsonNodeFactory.withExactBigDecimals(true))
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private static final Path ALL = Path.of("src/test/golden");
    private static final String REQUEST = ".request.json";

    /** Set to have the files written that a case lacks; whoever sets it reads what came of it before it is committed. */
    private static final boolean WRITE = Boolean.getBoolean("golden.write");

    private final Operation operation;
    private final Path folder;
    private final Path common;

    GoldenFolder(String dialect, Operation operation) {
        this.operation = operation;
        folder = within(ALL.resolve(dialect));
        common = within(ALL.resolve("requests"));
    }

    private Path within(Path all) {
        return switch (operation) {
            case CHAT -> all;
            case COMPLETION -> all.resolve("completions");
            case EMBEDDING -> all.resolve("embeddings");
        };
    }

    /** What is asked in all of its cases. */
    Operation operation() {
        return operation;
    }

    /** The cases that all dialects share: each is a request. */
    List<String> commonRequests() {
        return names(common, REQUEST);
    }

    /** The cases that have a file of this kind, such as {@code .answer.json}. */
    List<String> cases(String kind) {
        return names(folder, kind);
    }

    /** The cases that have a request, be it a common one or the dialect's own. */
    List<String> requests() {
        var all = new TreeSet<>(commonRequests());
        all.addAll(cases(REQUEST));
        return List.copyOf(all);
    }

    /** What is asked in a case; the plainest question where the case has no request. */
    ChatRequest request(String name) {
        return switch (ChatRequestReader.read(operation, requestBytes(name))) {
            case ChatRequestReader.Valid(var request) -> request;
            case ChatRequestReader.Invalid(var error) -> throw new AssertionError(name + ": " + error);
        };
    }

    byte[] requestBytes(String name) {
        return List.of(folder.resolve(name + REQUEST), common.resolve(name + REQUEST)).stream()
                .filter(Files::exists)
                .findFirst()
                .map(GoldenFolder::read)
                .orElseGet(() -> read(common.resolve("basic" + REQUEST)));
    }

    boolean has(String file) {
        return Files.exists(folder.resolve(file));
    }

    byte[] bytes(String file) {
        return read(folder.resolve(file));
    }

    JsonNode tree(String file) {
        return parsed(bytes(file));
    }

    /** Compares with a golden file, or writes it where it is not there and may be. */
    void check(String file, JsonNode actual) {
        if (WRITE && !has(file)) {
            write(file, actual);
        }
        assertThat(actual.toPrettyString()).isEqualTo(tree(file).toPrettyString());
    }

    static JsonNode parsed(byte[] json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new AssertionError(new String(json, UTF_8), e);
        }
    }

    private void write(String file, JsonNode tree) {
        try {
            Files.writeString(folder.resolve(file), tree.toPrettyString() + "\n");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> names(Path folder, String kind) {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(kind))
                    .map(name -> name.substring(0, name.length() - kind.length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}

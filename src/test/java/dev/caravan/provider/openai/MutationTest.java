package dev.caravan.provider.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.chat.ChatChunk;
import dev.caravan.chat.ChatRequest;
import dev.caravan.chat.Extensions;
import dev.caravan.chat.Outcome;
import dev.caravan.chat.RawObject;
import dev.caravan.provider.DecodedStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bytes that somebody spoilt: always a value comes of them, never an exception. The seed is fixed: a failure comes again. */
@Timeout(60)
class MutationTest {

    private static final int MUTATIONS = 10_000;
    private static final String[] PIECES = {
        "null", "[", "]", "{", "}", "\"", ",", ":", "1e999", "-", "\\u12", "true", "[1]", "\n\n", "\u0000", "🐫",
        "data: "
    };

    private static final ChatRequest ASKED =
            new ChatRequest("m", false, false, Extensions.NONE, new RawObject("{}".getBytes(UTF_8), List.of()));

    private final Random random = new Random(42);
    private final OpenAiCodec codec = new OpenAiCodec();

    @Test
    @DisplayName("B10 A spoilt request is read or refused, and what is read can be sent on")
    void requests() throws IOException {
        var golden = golden(".request.json");
        for (var i = 0; i < MUTATIONS; i++) {
            switch (ChatRequestReader.read(spoilt(golden))) {
                case ChatRequestReader.Valid(var request) ->
                    assertThat(sent(request)).isNotEmpty();
                case ChatRequestReader.Invalid(var error) ->
                    assertThat(error.message()).isNotBlank();
            }
        }
    }

    @Test
    @DisplayName("B1 A spoilt answer is an answer or a failure, and what is an answer can be given")
    void answers() throws IOException {
        var golden = golden(".answer.json");
        for (var i = 0; i < MUTATIONS; i++) {
            var outcome = codec.decode(ASKED, spoilt(golden));
            if (outcome instanceof Outcome.Answered(var response)) {
                assertThat(CompletionWriter.whole(response, "id", "m", "p", 1)).isNotEmpty();
                assertThat(response.text()).isNotNull();
            }
        }
    }

    @Test
    @DisplayName("B2 A spoilt stream comes to an end")
    void streams() throws IOException {
        var golden = golden(".sse");
        for (var i = 0; i < MUTATIONS; i++) {
            var stream = new DecodedStream(
                    codec.events(ASKED, new ByteArrayInputStream(spoilt(golden)), null),
                    () -> {},
                    _ -> DecodedStream.endedEarly());
            while (stream.next() instanceof ChatChunk chunk) {
                assertThat(CompletionWriter.event(chunk, "id", "m", "p", false)).isNotEmpty();
            }
        }
    }

    private byte[] sent(ChatRequest request) {
        return codec.encode(request, "m", null).call().body();
    }

    private byte[] spoilt(List<byte[]> golden) {
        var bytes = golden.get(random.nextInt(golden.size()));
        for (var i = random.nextInt(3); i >= 0; i--) {
            bytes = mutated(bytes);
        }
        return bytes;
    }

    private byte[] mutated(byte[] bytes) {
        var at = random.nextInt(bytes.length + 1);
        var to = Math.min(bytes.length, at + random.nextInt(8));
        return switch (random.nextInt(5)) {
            case 0 -> Arrays.copyOf(bytes, at);
            case 1 -> joined(bytes, at, new byte[0], to);
            case 2 -> joined(bytes, at, new byte[] {(byte) random.nextInt(256)}, to);
            case 3 -> joined(bytes, at, Arrays.copyOfRange(bytes, at, to), at);
            default -> joined(bytes, at, PIECES[random.nextInt(PIECES.length)].getBytes(UTF_8), at);
        };
    }

    private static byte[] joined(byte[] bytes, int end, byte[] middle, int from) {
        var joined = new ByteArrayOutputStream(bytes.length + middle.length);
        joined.write(bytes, 0, end);
        joined.writeBytes(middle);
        joined.write(bytes, from, bytes.length - from);
        return joined.toByteArray();
    }

    private static List<byte[]> golden(String kind) throws IOException {
        try (var files = Files.list(Path.of("src/test/golden/openai"))) {
            var paths = files.filter(file -> file.toString().endsWith(kind))
                    .sorted()
                    .toList();
            var all = new ArrayList<byte[]>();
            for (var path : paths) {
                all.add(Files.readAllBytes(path));
            }
            return all;
        }
    }
}

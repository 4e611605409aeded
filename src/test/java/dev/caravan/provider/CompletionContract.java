package dev.caravan.provider;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.caravan.chat.Operation;
import java.io.ByteArrayInputStream;
import java.util.HashSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What every dialect does with the older completions: {@code src/test/golden/DIALECT/completions}. */
public abstract class CompletionContract extends DialectContract {

    protected CompletionContract(String dialect, StreamForm form, ProviderCodec codec) {
        super(dialect, Operation.COMPLETION, form, codec);
    }

    /** Pieces of the older form have a text and no role. */
    @Override
    @TestFactory
    protected Stream<DynamicTest> chunks() {
        return golden.cases(form.kind()).stream()
                .map(name -> dynamicTest("B3 " + name + ": SDKs can put it together", () -> {
                    var ids = new HashSet<String>();
                    var body = new ByteArrayInputStream(golden.bytes(name + form.kind()));
                    for (var chunk : Transcript.of(codec, golden.request(name), body, KEY)
                            .chunks()) {
                        ids.add(chunk.id());
                        var tree = GoldenFolder.parsed(chunk.source().toBytes());
                        assertThat(tree.path("created").isIntegralNumber()).isTrue();
                        assertThat(tree.path("choices"))
                                .allSatisfy(
                                        choice -> assertThat(choice.path("text").isTextual())
                                                .as(new String(chunk.source().toBytes(), UTF_8))
                                                .isTrue());
                    }
                    assertThat(ids).hasSizeLessThan(2).doesNotContain("");
                }));
    }
}

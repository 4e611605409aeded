package dev.caravan.plan;

import static dev.caravan.plan.Asks.provider;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.chat.Cancellation.Reason;
import dev.caravan.chat.ChatChunk;
import dev.caravan.chat.ChatError;
import dev.caravan.chat.ChatStream;
import dev.caravan.chat.ErrorCode;
import dev.caravan.chat.Outcome;
import dev.caravan.chat.StreamEvent;
import dev.caravan.chat.Usage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class StreamedAnswerTest {

    private static final ChatError BROKEN = ChatError.of(ErrorCode.INFERENCE_FAILED, "broken");

    private final Ask ask = Asks.planned(",\"stream\":true", provider("a"), provider("b"));
    private final List<String> told = new ArrayList<>();
    private final StreamedAnswer.Judge judge = new StreamedAnswer.Judge() {
        @Override
        public void goesOn() {
            told.add("goes on");
        }

        @Override
        public void done() {
            told.add("done");
        }

        @Override
        public void broken(ChatError error) {
            told.add(error.message());
        }

        @Override
        public void left() {
            told.add("left");
        }
    };

    @Test
    @DisplayName("C8 A stream that is done has one record, with the tokens that were told")
    void done() {
        var stream = streaming(Asks.chunk("ab", null), Asks.chunk("", new Usage(7, 3)), new StreamEvent.Done());
        readAll(stream);
        stream.close();
        stream.close();

        assertThat(ask.calls()).singleElement().satisfies(record -> {
            assertThat(record.status()).isEqualTo(200);
            assertThat(record.usage()).isEqualTo(new Usage(7, 3));
            assertThat(record.estimated()).isFalse();
            assertThat(record.cancelled()).isFalse();
        });
        assertThat(ask.outcome()).isInstanceOf(Outcome.Streaming.class);
        assertThat(ask.timeToFirstToken()).isPresent();
        assertThat(told).containsExactly("goes on", "goes on", "done");
    }

    @Test
    @DisplayName("C8 A stream without usage has its tokens estimated, of the prompt and of what came")
    void estimated() {
        readAll(streaming(Asks.chunk("12345", null), Asks.chunk("6789", null), new StreamEvent.Done()));

        assertThat(ask.calls()).singleElement().satisfies(record -> {
            assertThat(record.usage()).isEqualTo(new Usage(10, 3));
            assertThat(record.estimated()).isTrue();
        });
    }

    @Test
    @DisplayName(
            "C8 A stream that breaks has one record and speaks against its provider; the request has failed with it")
    void broken() {
        var stream = streaming(Asks.chunk("1234", null), new StreamEvent.Broken(BROKEN));
        readAll(stream);
        stream.next();
        stream.close();

        assertThat(ask.calls()).singleElement().satisfies(record -> {
            assertThat(record.error()).isEqualTo(ErrorCode.INFERENCE_FAILED);
            assertThat(record.usage().completionTokens()).isEqualTo(1);
            assertThat(record.cancelled()).isFalse();
        });
        assertThat(ask.outcome()).isEqualTo(new Outcome.Failed(BROKEN));
        assertThat(ask.next()).isEmpty();
        assertThat(told).containsExactly("goes on", "broken");
    }

    @Test
    @DisplayName("C8 A stream that its client left has one record, as cancelled, also when its usage was told already")
    void closedEarly() {
        var stream = streaming(Asks.chunk("1234", new Usage(7, 1)), Asks.chunk("5", null));
        stream.next();
        stream.close();

        assertThat(ask.calls()).singleElement().satisfies(record -> {
            assertThat(record.error()).isEqualTo(ErrorCode.CLIENT_CLOSED);
            assertThat(record.usage()).isEqualTo(new Usage(7, 1));
            assertThat(record.estimated()).isFalse();
            assertThat(record.cancelled()).isTrue();
        });
        assertThat(told).containsExactly("goes on", "left");
    }

    @Test
    @DisplayName("C8 A stream that breaks because the time is up does not speak against its provider")
    void deadline() {
        var stream = streaming(Asks.chunk("1234", null), new StreamEvent.Broken(BROKEN));
        stream.next();
        ask.cancellation().cancel(Reason.DEADLINE);

        assertThat(stream.next()).isEqualTo(new StreamEvent.Broken(Failures.cancelled(Reason.DEADLINE)));
        assertThat(ask.calls()).singleElement().satisfies(record -> {
            assertThat(record.error()).isEqualTo(ErrorCode.TIMEOUT);
            assertThat(record.cancelled()).isTrue();
        });
        assertThat(told).containsExactly("goes on", "left");
    }

    private ChatStream streaming(StreamEvent... events) {
        var call = Asks.call(ask);
        call.begin();
        var left = new ArrayList<>(List.of(events));
        var stream = new StreamedAnswer(
                new ChatStream() {
                    @Override
                    public StreamEvent next() {
                        return left.size() == 1 ? left.getFirst() : left.removeFirst();
                    }

                    @Override
                    public void close() {}
                },
                call);
        stream.judgedBy(judge);
        call.settle(new Outcome.Streaming(stream));
        call.finish();
        return stream;
    }

    private static void readAll(ChatStream stream) {
        while (stream.next() instanceof ChatChunk) {
            // up to its end
        }
    }
}

package dev.caravan.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.chat.Cancellation;
import dev.caravan.chat.ChatError;
import dev.caravan.chat.ChatStream;
import dev.caravan.chat.ErrorCode;
import dev.caravan.chat.StreamEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InterleavedStreamTest {

    /** Brings nothing until it is closed. */
    private static final class Silent implements ChatStream {

        final CountDownLatch closed = new CountDownLatch(1);

        @Override
        public StreamEvent next() {
            try {
                closed.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            return new StreamEvent.Done();
        }

        @Override
        public void close() {
            closed.countDown();
        }
    }

    private static final class Surprised implements ChatStream {

        @Override
        public StreamEvent next() {
            throw new ClassCastException("surprised");
        }

        @Override
        public void close() {}
    }

    @Test
    @DisplayName("B2 A bug in reading one of several answers ends all of them with an internal error")
    void bug() {
        var silent = new Silent();
        var told = new ArrayList<ChatError>();
        var stream = new InterleavedStream(List.of(silent, new Surprised()), new Cancellation(), told::add);

        var event = stream.next();

        assertThat(event).isInstanceOfSatisfying(StreamEvent.Broken.class, broken -> {
            assertThat(broken.error().code()).isEqualTo(ErrorCode.INTERNAL_ERROR);
            assertThat(told).containsExactly(broken.error());
        });
        assertThat(stream.next()).isEqualTo(event);
        assertThat(silent.closed.getCount()).isZero();
        stream.close();
        assertThat(told).hasSize(1);
    }

    @Test
    @DisplayName("F2 A client that leaves in the middle of several answers is accounted as one that left")
    void left() {
        var told = new ArrayList<ChatError>();

        new InterleavedStream(List.of(new Silent(), new Silent()), new Cancellation(), told::add).close();

        assertThat(told).singleElement().satisfies(error -> {
            assertThat(error.code()).isEqualTo(ErrorCode.CLIENT_CLOSED);
            assertThat(error.status()).isEqualTo(499);
        });
    }

    @Test
    @DisplayName("F2 Several answers that were read to their end stay answered")
    void readToTheEnd() {
        var told = new ArrayList<ChatError>();
        var silent = new Silent();
        silent.close();
        var stream = new InterleavedStream(List.of(silent), new Cancellation(), told::add);

        assertThat(stream.next()).isInstanceOf(StreamEvent.Done.class);
        stream.close();

        assertThat(told).isEmpty();
    }
}

package dev.caravan.cooperation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.chat.ChatChunk;
import dev.caravan.chat.ChatStream;
import dev.caravan.chat.Outcome;
import dev.caravan.chat.StreamEvent;
import dev.caravan.provider.openai.OpenAiForm;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The answer of a council as it is written. The piece that says why it ended waits for the end, since only then it can tell
 * what all of it used.
 */
final class LiveStream implements ChatStream {

    private final ChatStream written;
    private final Session session;
    private final Verdict verdict;
    private final Deque<StreamEvent> ready = new ArrayDeque<>();
    private @Nullable ObjectNode last;
    private @Nullable StreamEvent end;
    private volatile boolean ended;

    LiveStream(ChatStream written, Session session, Verdict verdict) {
        this.written = written;
        this.session = session;
        this.verdict = verdict;
    }

    @Override
    public StreamEvent next() {
        while (ready.isEmpty() && end == null) {
            take(written.next());
        }
        var next = ready.poll();
        if (next == null) {
            next = Objects.requireNonNull(end);
            ended = true;
        }
        return next;
    }

    @Override
    public void close() {
        written.close();
        if (!ended) {
            ended = true;
            ToldStream.letGo(session.whole());
        }
    }

    private void take(StreamEvent event) {
        switch (event) {
            case ChatChunk chunk -> {
                if (chunk.choices().stream().anyMatch(choice -> choice.finishReason() != null)) {
                    last = Objects.requireNonNull(OpenAiForm.tree(chunk.source().toBytes()));
                } else if (!chunk.choices().isEmpty()) {
                    ready.add(chunk);
                }
            }
            case StreamEvent.Done done -> {
                finish();
                end = done;
            }
            case StreamEvent.Broken broken -> {
                session.whole().settle(new Outcome.Failed(broken.error()));
                end = broken;
            }
        }
    }

    private void finish() {
        var piece = last == null ? stopped() : last;
        var usage = OpenAiForm.usage(Minutes.usage(session.whole()));
        piece.remove("usage");
        piece.set(Delivery.TOLD, Minutes.of(session, verdict));
        ready.add(OpenAiForm.chunk(piece));
        ready.add(OpenAiForm.chunk(Delivery.used(piece, usage)));
    }

    /** For a provider that did not say why it ended. */
    private static ObjectNode stopped() {
        var piece = OpenAiForm.object();
        piece.putArray("choices")
                .addObject()
                .put("index", 0)
                .put("finish_reason", "stop")
                .putObject("delta");
        return piece;
    }
}

package dev.caravan.cooperation;

import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.chat.ChatResponse;
import dev.caravan.chat.Outcome;
import dev.caravan.chat.StreamEvent;
import dev.caravan.provider.openai.OpenAiForm;
import java.util.List;
import java.util.Objects;

/** Gives a council's answer as that of the request it was for: one member's, with what all of them used, and why this one. */
final class Delivery {

    static final String TOLD = "caravan";

    private final Session session;
    private final Verdict verdict;

    Delivery(Session session, Verdict verdict) {
        this.session = session;
        this.verdict = verdict;
    }

    void give() {
        var whole = session.whole();
        var chosen = verdict.answer().ask();
        whole.turnTo(chosen.current());
        switch (chosen.outcome()) {
            case Outcome.Answered(var response) -> {
                var tree = told(response);
                if (session.isLive()) {
                    whole.firstToken();
                    whole.settle(new Outcome.Streaming(new ToldStream(whole, pieces(tree))));
                } else {
                    whole.settle(new Outcome.Answered(OpenAiForm.response(tree)));
                }
            }
            case Outcome.Streaming(var stream) -> {
                whole.firstToken();
                whole.settle(new Outcome.Streaming(new LiveStream(stream, session, verdict)));
            }
            case Outcome.Failed _ -> throw new IllegalStateException("a verdict without an answer");
        }
    }

    private ObjectNode told(ChatResponse response) {
        var tree = Objects.requireNonNull(OpenAiForm.tree(response.source().toBytes()), "what was read before");
        if (verdict.content() != null) {
            ((ObjectNode) tree.at("/choices/0/message")).put("content", verdict.content());
        }
        tree.set("usage", OpenAiForm.usage(Minutes.usage(session.whole())));
        tree.set(TOLD, Minutes.of(session, verdict));
        return tree;
    }

    /** The whole answer as the events of a stream: what it says, why it ended and how it came about, what it used. */
    private static List<StreamEvent> pieces(ObjectNode whole) {
        var choice = whole.at("/choices/0");
        var said = like(whole);
        var delta = said.putArray("choices").addObject().put("index", 0);
        delta.set("delta", delta(choice.path("message").deepCopy()));
        delta.set("finish_reason", NullNode.instance);
        var ended = like(whole);
        var end = ended.putArray("choices").addObject().put("index", 0);
        end.putObject("delta");
        end.put("finish_reason", choice.path("finish_reason").asText("stop"));
        ended.set(TOLD, whole.get(TOLD));
        return List.of(
                OpenAiForm.chunk(said),
                OpenAiForm.chunk(ended),
                OpenAiForm.chunk(used(whole, (ObjectNode) whole.path("usage"))),
                new StreamEvent.Done());
    }

    private static ObjectNode delta(ObjectNode message) {
        var calls = message.path("tool_calls");
        for (var i = 0; i < calls.size(); i++) {
            ((ObjectNode) calls.get(i)).put("index", i);
        }
        return message;
    }

    /** The piece that tells the usage. */
    static ObjectNode used(ObjectNode like, ObjectNode usage) {
        var piece = like(like);
        piece.putArray("choices");
        piece.set("usage", usage);
        return piece;
    }

    private static ObjectNode like(ObjectNode whole) {
        var piece = OpenAiForm.object()
                .put("id", whole.path("id").asText(""))
                .put("object", "chat.completion.chunk")
                .put("created", whole.path("created").asLong(System.currentTimeMillis() / 1000));
        return piece.put("model", whole.path("model").asText(""));
    }
}

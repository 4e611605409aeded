package dev.caravan.provider.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.chat.ChatChunk;
import dev.caravan.chat.ChatResponse;
import dev.caravan.chat.Usage;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Makes one completion of several choices out of several completions, be they of chats or of the older form. */
public final class SeveralAnswers {

    private SeveralAnswers() {}

    /** One answer with the choices of all, in their order; what each of them used is added up. */
    public static ChatResponse join(List<ChatResponse> answers) {
        var whole = tree(answers.getFirst().source().toBytes());
        var choices = whole.putArray("choices");
        for (var answer : answers) {
            for (var choice : tree(answer.source().toBytes()).path("choices")) {
                choices.add(((ObjectNode) choice).put("index", choices.size()));
            }
        }
        whole.remove("usage");
        sum(answers.stream().map(ChatResponse::usage).toList())
                .ifPresent(usage -> whole.set("usage", OpenAiForm.usage(usage)));
        return OpenAiForm.response(whole);
    }

    /**
     * A piece of one of several answers.
     *
     * @param chunk has choices
     * @param part which of the answers it belongs to
     * @param each how many choices each of the answers has
     */
    public static ChatChunk piece(ChatChunk chunk, int part, int each) {
        var piece = tree(chunk.source().toBytes());
        piece.path("choices")
                .forEach(choice -> ((ObjectNode) choice)
                        .put(
                                "index",
                                part * each
                                        + (each == 1 ? 0 : choice.path("index").asInt())));
        piece.remove("usage");
        return OpenAiForm.chunk(piece);
    }

    /** The piece that tells what all answers used together. */
    public static ChatChunk usage(ChatChunk like, Usage usage) {
        var piece = tree(like.source().toBytes());
        piece.putArray("choices");
        piece.set("usage", OpenAiForm.usage(usage));
        return OpenAiForm.chunk(piece);
    }

    /** What was used together; nothing unless each of them is known. */
    public static Optional<Usage> sum(List<Usage> usages) {
        return usages.stream().anyMatch(Objects::isNull)
                ? Optional.empty()
                : usages.stream().reduce(Usage::plus);
    }

    private static ObjectNode tree(byte[] json) {
        return Objects.requireNonNull(OpenAiForm.tree(json), "what was read before can be read again");
    }
}

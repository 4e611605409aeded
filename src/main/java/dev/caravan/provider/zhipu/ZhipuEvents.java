package dev.caravan.provider.zhipu;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.chat.ChatChunk;
import dev.caravan.chat.StreamEvent;
import dev.caravan.provider.ProviderCodec;
import dev.caravan.provider.openai.OpenAiForm;
import java.io.IOException;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

/** OpenAI's events, with Zhipu's reasons to stop in OpenAI's words, and the role where it belongs. */
final class ZhipuEvents implements ProviderCodec.EventReader {

    private final ProviderCodec.EventReader events;
    private final Set<Integer> begun = new HashSet<>();

    ZhipuEvents(ProviderCodec.EventReader events) {
        this.events = events;
    }

    @Override
    public StreamEvent next() throws IOException {
        return switch (events.next()) {
            case ChatChunk chunk
            when FinishReasons.brokeOff(chunk.choices()) -> new StreamEvent.Broken(FinishReasons.networkError());
            case ChatChunk chunk -> withRole(FinishReasons.inOpenAisWords(chunk));
            case StreamEvent end -> end;
        };
    }

    /** Zhipu tells the role in the last chunk, if at all; SDKs look for it in the first. */
    private ChatChunk withRole(ChatChunk chunk) {
        var lacking = false;
        for (var choice : chunk.choices()) {
            lacking |= begun.add(choice.index()) && choice.message().role() == null;
        }
        if (!lacking) {
            return chunk;
        }
        var tree = Objects.requireNonNull(OpenAiForm.tree(chunk.source().toBytes()));
        for (var choice : tree.path("choices")) {
            if (choice.path("delta") instanceof ObjectNode delta && !delta.hasNonNull("role")) {
                delta.put("role", "assistant");
            }
        }
        return OpenAiForm.chunk(tree);
    }
}

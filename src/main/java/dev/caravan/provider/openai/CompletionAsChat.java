package dev.caravan.provider.openai;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.caravan.chat.ChatChunk;
import dev.caravan.chat.ChatError;
import dev.caravan.chat.ChatRequest;
import dev.caravan.chat.Outcome;
import dev.caravan.chat.StreamEvent;
import dev.caravan.provider.EncodedCall;
import dev.caravan.provider.EncodedCall.Unsupported;
import dev.caravan.provider.HttpAnswer;
import dev.caravan.provider.ProviderCodec;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks for a completion where a dialect only chats: the prompt is the one message of a user, and the answer is put into
 * the form of completions. One prompt at a time, and what the form of a chat has no place for is told as left out.
 */
public final class CompletionAsChat implements ProviderCodec {

    private static final List<String> OWN = List.of("prompt", "suffix", "echo", "best_of", "logprobs");

    private final ProviderCodec chat;

    /** @param chat speaks the dialect */
    public CompletionAsChat(ProviderCodec chat) {
        this.chat = chat;
    }

    @Override
    public EncodedCall encode(ChatRequest request, String upstreamModel, @Nullable String apiKey) {
        if (prompt(request) == null) {
            return EncodedCall.impossible(
                    "prompt", "This provider is asked by a chat, which takes text and no tokens.");
        }
        if (is(request, "max_tokens", "0")) {
            return EncodedCall.impossible(
                    "max_tokens", "This provider is asked by a chat, whose answer has a token at least.");
        }
        var encoded = chat.encode(asChat(request), upstreamModel, apiKey);
        var left = unsupported(request);
        // in a completion both are one field
        encoded.unsupported().stream()
                .filter(each -> !each.field().equals("top_logprobs"))
                .forEach(left::add);
        return new EncodedCall(encoded.call(), left);
    }

    @Override
    public @Nullable String fixedPath() {
        return chat.fixedPath();
    }

    @Override
    public boolean answersMany() {
        return chat.answersMany();
    }

    @Override
    public Outcome decode(ChatRequest request, byte[] body, @Nullable String apiKey) {
        var outcome = chat.decode(asChat(request), body, apiKey);
        return outcome instanceof Outcome.Answered(var response)
                ? new Outcome.Answered(new TextForm(echoed(request)).completion(response))
                : outcome;
    }

    @Override
    public EventReader events(ChatRequest request, InputStream body, @Nullable String apiKey) {
        var events = chat.events(asChat(request), body, apiKey);
        var form = new TextForm(echoed(request));
        return () -> {
            StreamEvent event = events.next();
            return event instanceof ChatChunk chunk ? form.chunk(chunk) : event;
        };
    }

    @Override
    public ChatError error(String provider, HttpAnswer answer, @Nullable String apiKey) {
        return chat.error(provider, answer, apiKey);
    }

    private static ChatRequest asChat(ChatRequest request) {
        var edit = request.source().edit();
        OWN.forEach(edit::remove);
        edit.set("messages", message(Questions.of(request).getFirst()));
        var logprobs = request.source().value("logprobs").orElse("null");
        if (!logprobs.equals("null")) {
            edit.set("logprobs", "true");
            if (!logprobs.equals("0")) {
                edit.set("top_logprobs", logprobs);
            }
        }
        return switch (ChatRequestReader.read(edit.toBytes())) {
            case ChatRequestReader.Valid(var chat) -> chat;
            case ChatRequestReader.Invalid(var error) -> throw new IllegalStateException(error.message());
        };
    }

    private static byte[] message(byte[] text) {
        var message = new ByteArrayOutputStream(text.length + 40);
        message.writeBytes("[{\"role\":\"user\",\"content\":".getBytes(UTF_8));
        message.writeBytes(text);
        message.writeBytes("}]".getBytes(UTF_8));
        return message.toByteArray();
    }

    private static List<Unsupported> unsupported(ChatRequest request) {
        var left = new ArrayList<Unsupported>();
        if (!is(request, "suffix", "null") && !is(request, "suffix", "\"\"")) {
            left.add(new Unsupported(
                    "suffix", "This provider is asked by a chat, which goes on from a text and fills in none.", true));
        }
        var answers = request.source()
                .value("n")
                .filter(value -> !value.equals("null"))
                .orElse("1");
        if (!is(request, "best_of", "null") && !is(request, "best_of", answers)) {
            left.add(new Unsupported(
                    "best_of", "This provider is asked by a chat, which gives every answer and chooses none.", true));
        }
        if (echoed(request) != null && !is(request, "logprobs", "null")) {
            left.add(new Unsupported(
                    "logprobs",
                    "This provider is asked by a chat, which says nothing of the prompt's own tokens.",
                    false));
        }
        return left;
    }

    /** Whether a field has this value; one that is not there is null. */
    private static boolean is(ChatRequest request, String field, String value) {
        return request.source().value(field).orElse("null").equals(value);
    }

    private static @Nullable String prompt(ChatRequest request) {
        return Questions.text(Questions.of(request).getFirst());
    }

    /** The text before each answer; null for none. */
    private static @Nullable String echoed(ChatRequest request) {
        return is(request, "echo", "true") ? prompt(request) : null;
    }
}

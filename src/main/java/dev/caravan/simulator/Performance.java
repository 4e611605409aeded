package dev.caravan.simulator;

import dev.caravan.door.DoorReply;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** One request answered at its pace. It ends as soon as the client is gone. For one thread. */
final class Performance {

    private final long start = System.nanoTime();
    private final Pace pace;
    private final DoorReply reply;

    Performance(Pace pace, DoorReply reply) {
        this.pace = pace;
        this.reply = reply;
    }

    void play(CompletionRequest request) {
        if (fails()) {
            return;
        }
        var answer = Answer.to(request);
        if (request.stream()) {
            stream(answer, request.includeUsage());
        } else {
            send(answer.longest(), answer.json());
        }
    }

    void play(EmbeddingRequest request) {
        if (!fails()) {
            send(0, request.answer());
        }
    }

    private void send(int tokens, byte[] json) {
        if (waitUntil(tokens)) {
            Simulator.answer(json, reply);
        } else {
            reply.abort();
        }
    }

    private boolean fails() {
        var status = status();
        if (status != 0) {
            if (waitUntil(0)) {
                Simulator.refuse(Refusal.simulated(status), reply);
            } else {
                reply.abort();
            }
        }
        return status != 0;
    }

    /** The status to fail with; 0 for none. */
    private int status() {
        if (pace.status() != 0) {
            return pace.status();
        }
        return pace.failureRate() > ThreadLocalRandom.current().nextDouble() ? 500 : 0;
    }

    private void stream(Answer answer, boolean includeUsage) {
        var writer = new SseWriter(answer, includeUsage, reply);
        if (waitUntil(0) && writer.begin() && pieces(answer, writer)) {
            writer.end();
        } else {
            reply.abort();
        }
    }

    /** All choices piece by piece, side by side. */
    private boolean pieces(Answer answer, SseWriter writer) {
        var choices = answer.texts().stream()
                .map(text -> Tokens.pieces(text.content()))
                .toList();
        var rounds = choices.stream().mapToInt(List::size).max().orElse(0);
        var characters = 0;
        for (var round = 0; round < rounds; round++) {
            var longest = 0;
            for (var index = 0; index < choices.size(); index++) {
                if (round < choices.get(index).size()) {
                    var piece = choices.get(index).get(round);
                    longest = Math.max(longest, piece.length());
                    if (!waitUntil(Tokens.ofCharacters(characters + longest)) || !writer.piece(index, piece)) {
                        return false;
                    }
                }
            }
            characters += longest;
        }
        return true;
    }

    /** Waits until so many tokens are due; false if the client is gone. */
    private boolean waitUntil(int tokens) {
        var left = pace.after(tokens).toNanos() - (System.nanoTime() - start);
        return left <= 0
                ? !reply.cancellation().isCancelled()
                : reply.cancellation().pause(Duration.ofNanos(left));
    }
}

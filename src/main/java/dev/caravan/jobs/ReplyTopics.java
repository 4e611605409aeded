package dev.caravan.jobs;

import dev.caravan.chat.ChatError;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Which topics a request may have its response sent to. Thread-safe. */
public final class ReplyTopics {

    private static final long FRESH_NANOS = Duration.ofSeconds(10).toNanos();
    private static final int MOST_KNOWN = 1000;

    /** What is written there means something else. */
    private static final Set<String> OWN =
            Set.of("caravan.requests", JobRequest.RETRY_TOPIC, DeadLetter.TOPIC, "caravan.usage");

    private record Known(OptionalInt partitions, long at) {}

    private final List<String> prefixes;
    private final Function<String, OptionalInt> partitions;
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    /**
     * Rules.
     *
     * @param prefixes with one of which the name of an allowed topic begins
     * @param partitions gives the number of partitions of a topic, if there is such a topic
     */
    public ReplyTopics(List<String> prefixes, Function<String, OptionalInt> partitions) {
        this.prefixes = List.copyOf(prefixes);
        this.partitions = partitions;
    }

    /** Why a response cannot go there; empty if it can. */
    public Optional<ChatError> problem(JobRequest.ReplyTo replyTo) {
        var topic = replyTo.topic();
        if (OWN.contains(topic) || prefixes.stream().noneMatch(topic::startsWith)) {
            return refused(
                    "Responses cannot be sent to topic '" + topic + "': the topics of 'reply-to' must begin with "
                            + String.join(" or ", prefixes) + " (caravan.jobs.reply-prefixes).");
        }
        var count = partitions(topic);
        if (count.isEmpty()) {
            return refused("There is no topic '" + topic + "' to send the response to.");
        }
        var partition = replyTo.partition();
        return partition == null || partition >= 0 && partition < count.getAsInt()
                ? Optional.empty()
                : refused("Topic '" + topic + "' has no partition " + partition + ".");
    }

    /** Whether there still is such a topic: a producer would wait for one that is gone. */
    public boolean exists(JobRequest.ReplyTo replyTo) {
        return partitions(replyTo.topic()).isPresent();
    }

    private static Optional<ChatError> refused(String message) {
        return Optional.of(ChatError.invalid("reply-to", message));
    }

    private OptionalInt partitions(String topic) {
        var now = System.nanoTime();
        var last = known.get(topic);
        if (last != null && now - last.at() < FRESH_NANOS) {
            return last.partitions();
        }
        var count = partitions.apply(topic);
        if (known.size() > MOST_KNOWN) {
            known.clear();
        }
        known.put(topic, new Known(count, now));
        return count;
    }
}

package dev.caravan.jobs;

import static java.util.stream.Collectors.joining;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * The topics of the cluster. Does not close the {@link Admin} it is given. Thread-safe.
 */
public final class Topics {

    private static final Duration USABLE_WITHIN = Duration.ofSeconds(30);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

    private final Admin admin;
    private final Map<String, Uuid> ids = new ConcurrentHashMap<>();

    public Topics(Admin admin) {
        this.admin = admin;
    }

    /**
     * Makes the topics that are missing, leaves the others as they are, and returns when each partition of all has a
     * leader.
     *
     * @throws IllegalStateException if the cluster refuses or is not ready after 30 seconds; the message names the topic
     */
    public void create(List<TopicSpec> wanted) {
        var results = admin.createTopics(wanted.stream().map(Topics::newTopic).toList())
                .values();
        results.forEach((name, result) -> {
            try {
                result.get();
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw new IllegalStateException("Topic %s cannot be made: %s".formatted(name, reason(e)), e);
                }
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
        });
        awaitUsable(wanted.stream().map(TopicSpec::name).toList());
    }

    /**
     * Ends the membership of all who read in groups whose names begin so. Only for groups in which nobody can be alive:
     * new members would wait for dead ones until their sessions end.
     *
     * @throws IllegalStateException if the cluster cannot be asked or refuses
     */
    public void dismissReaders(String groupPrefix) {
        try {
            for (var group : admin.listGroups().all().get()) {
                if (group.groupId().startsWith(groupPrefix) && hasMembers(group.groupId())) {
                    dismiss(group.groupId());
                }
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("The readers of before cannot be dismissed: " + reason(e), e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private void dismiss(String group) throws ExecutionException, InterruptedException {
        try {
            admin.removeMembersFromConsumerGroup(group, new RemoveMembersFromConsumerGroupOptions())
                    .all()
                    .get();
        } catch (ExecutionException e) {
            // the dead leave by themselves in the end, perhaps this very moment
            if (hasMembers(group)) {
                throw e;
            }
        }
    }

    private boolean hasMembers(String group) throws ExecutionException, InterruptedException {
        return admin.describeConsumerGroups(List.of(group)).all().get().values().stream()
                .anyMatch(description -> !description.members().isEmpty());
    }

    /**
     * The id that the cluster gave a topic when it was made. Asked once per topic.
     *
     * @throws IllegalStateException if there is no such topic, or the cluster cannot be asked
     */
    public Uuid id(String topic) {
        // Not computeIfAbsent: it would hold a lock while the cluster is asked.
        var known = ids.get(topic);
        if (known != null) {
            return known;
        }
        var id = describe(topic)
                .orElseThrow(() -> new IllegalStateException("There is no topic " + topic))
                .topicId();
        ids.put(topic, id);
        return id;
    }

    /**
     * How many partitions a topic has; nothing if there is no such topic, or not for this program.
     *
     * @throws IllegalStateException if the cluster cannot be asked
     */
    public OptionalInt partitions(String topic) {
        try {
            return describe(topic)
                    .map(found -> OptionalInt.of(found.partitions().size()))
                    .orElse(OptionalInt.empty());
        } catch (IllegalStateException e) {
            if (e.getCause() instanceof ExecutionException failure
                    && failure.getCause() instanceof AuthorizationException) {
                return OptionalInt.empty();
            }
            throw e;
        }
    }

    private static NewTopic newTopic(TopicSpec spec) {
        return new NewTopic(spec.name(), spec.partitions(), spec.replication()).configs(spec.config());
    }

    private void awaitUsable(Collection<String> names) {
        var deadline = System.nanoTime() + USABLE_WITHIN.toNanos();
        var missing = names;
        while (true) {
            missing = missing.stream().filter(name -> !usable(name)).toList();
            if (missing.isEmpty()) {
                return;
            }
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("After %d s these topics have no leader for each partition: %s"
                        .formatted(USABLE_WITHIN.toSeconds(), missing.stream().collect(joining(", "))));
            }
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
        }
    }

    private boolean usable(String topic) {
        return describe(topic)
                .map(found -> found.partitions().stream()
                        .allMatch(partition -> partition.leader() != null
                                && !partition.leader().isEmpty()))
                .orElse(false);
    }

    private Optional<TopicDescription> describe(String topic) {
        try {
            return Optional.ofNullable(
                    admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException
                    || e.getCause() instanceof InvalidTopicException) {
                return Optional.empty();
            }
            throw new IllegalStateException("Topic %s cannot be looked up: %s".formatted(topic, reason(e)), e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static @Nullable String reason(ExecutionException e) {
        return e.getCause() instanceof TimeoutException
                ? "no Kafka answers at the bootstrap servers"
                : Objects.requireNonNullElse(e.getCause(), e).getMessage();
    }

    private static IllegalStateException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("Interrupted while waiting for Kafka", e);
    }
}

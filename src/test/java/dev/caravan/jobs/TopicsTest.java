package dev.caravan.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.testing.RunningBroker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ForwardingAdmin;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupResult;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class TopicsTest {

    private final Map<String, Object> kafka =
            Map.of("bootstrap.servers", RunningBroker.shared().kafka());
    private final String group = "topics-test." + UUID.randomUUID();

    @Test
    @DisplayName("F4 readers of before are dismissed, and those of other groups are left alone")
    void dismisses() throws Exception {
        try (var admin = Admin.create(kafka);
                var reader = reading(group + ".gone");
                var other = reading("other-" + group)) {
            new Topics(admin).dismissReaders(group);

            assertThat(members(admin, group + ".gone")).isZero();
            assertThat(members(admin, "other-" + group)).isOne();
        }
    }

    @Test
    @DisplayName(
            "F4 a start is not refused when readers of before leave after they were seen and before they are dismissed")
    void letsThemLeave() throws Exception {
        try (var reader = reading(group);
                var admin = new LeaveFirst(kafka, reader)) {
            assertThat(members(admin, group)).isOne();

            new Topics(admin).dismissReaders(group);

            assertThat(admin.left).isTrue();
            assertThat(members(admin, group)).isZero();
        }
    }

    private KafkaConsumer<byte[], byte[]> reading(String name) {
        var reader = new KafkaConsumer<>(
                Map.of("bootstrap.servers", RunningBroker.shared().kafka(), "group.id", name),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        reader.subscribe(List.of("caravan.requests.dead"));
        await().pollDelay(Duration.ZERO).until(() -> {
            reader.poll(Duration.ofMillis(50));
            return !reader.assignment().isEmpty();
        });
        return reader;
    }

    private static int members(Admin admin, String group) throws Exception {
        return admin.describeConsumerGroups(List.of(group)).all().get().values().stream()
                .mapToInt(description -> description.members().size())
                .sum();
    }

    /** Has a reader leave at the very moment at which all readers are to be dismissed. */
    private static final class LeaveFirst extends ForwardingAdmin {

        private final KafkaConsumer<byte[], byte[]> reader;
        private boolean left;

        private LeaveFirst(Map<String, Object> settings, KafkaConsumer<byte[], byte[]> reader) {
            super(settings);
            this.reader = reader;
        }

        @Override
        public RemoveMembersFromConsumerGroupResult removeMembersFromConsumerGroup(
                String name, RemoveMembersFromConsumerGroupOptions options) {
            reader.close();
            left = true;
            return super.removeMembersFromConsumerGroup(name, options);
        }
    }
}

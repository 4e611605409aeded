package dev.caravan.camel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.jobs.OffsetWindow;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class JobClientFactoryTest {

    @Test
    @DisplayName(
            "F4 one request at a time is on its way to a node of Kafka: of several, the first to a new partition may be refused for ever")
    void oneInFlight() {
        var settings = new Properties();
        settings.putAll(Map.of(
                "bootstrap.servers",
                "127.0.0.1:1",
                "key.serializer",
                ByteArraySerializer.class,
                "value.serializer",
                ByteArraySerializer.class,
                "max.in.flight.requests.per.connection", // camel-kafka's own
                "5"));
        new JobClientFactory(new OffsetWindow(1, 1)).getProducer(settings).close();

        assertThat(settings).containsEntry("max.in.flight.requests.per.connection", 1);
    }
}

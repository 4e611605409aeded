package dev.caravan.jobs;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * One topic as {@code kafka/topics.yaml} describes it.
 *
 * @param name the topic's name
 * @param partitions how many partitions it is made with
 * @param replication how many brokers keep a copy; -1 leaves it to the cluster's default
 * @param config Kafka's topic settings by their names, such as {@code retention.ms}
 */
public record TopicSpec(String name, int partitions, short replication, Map<String, String> config) {

    public TopicSpec {
        config = Map.copyOf(config);
    }

    /**
     * Reads the file.
     *
     * @throws IllegalStateException if it cannot be read; the message names file, place and reason
     */
    public static List<TopicSpec> read(Path yaml) {
        try {
            return YAMLMapper.builder().build().readValue(yaml.toFile(), new TypeReference<List<TopicSpec>>() {});
        } catch (JsonMappingException e) {
            var at = e.getLocation() == null ? "" : ", line " + e.getLocation().getLineNr();
            throw new IllegalStateException(yaml + at + ": " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new IllegalStateException(yaml + " cannot be read: " + e.getMessage(), e);
        }
    }
}

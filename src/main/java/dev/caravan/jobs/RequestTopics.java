package dev.caravan.jobs;

import dev.caravan.jobs.Lanes.Priority;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The topics that requests come by, and in whose name. Immutable. */
public final class RequestTopics {

    /** The one that is there by itself, and the key it works for. */
    private static final Topic BUILT_IN = new Topic("caravan.requests", "kafka", Priority.NORMAL);

    /**
     * One topic.
     *
     * @param name its name
     * @param key the name of the client's key whose limits and budget hold, and which is shown in usage
     * @param priority of requests that say nothing else
     */
    public record Topic(String name, String key, Priority priority) {}

    private final Map<String, Topic> topics = new LinkedHashMap<>();

    /** @param configured none: the built-in one */
    public RequestTopics(List<Topic> configured) {
        (configured.isEmpty() ? List.of(BUILT_IN) : configured).forEach(each -> topics.put(each.name(), each));
    }

    /** The names, for a consumer. */
    public String names() {
        return String.join(",", topics.keySet());
    }

    /** What holds for requests of a topic; of one that is read no longer, what holds for the built-in one. */
    Topic of(String name) {
        return topics.getOrDefault(name, BUILT_IN);
    }
}

package dev.caravan.camel;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.MultipleConsumersSupport;
import org.apache.camel.component.direct.DirectComponent;
import org.apache.camel.component.direct.DirectConsumer;
import org.apache.camel.component.direct.DirectEndpoint;

/**
 * Camel's direct component, in which a newer consumer takes an endpoint over from the one that has it: so a changed
 * route can be started beside the one it replaces, which then finishes what it has begun. If the newer one goes first,
 * the older serves again.
 */
public final class ReplaceableDirect extends DirectComponent {

    private final Map<String, Deque<DirectConsumer>> newestFirst = new HashMap<>();

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        var endpoint = new ReplaceableEndpoint(uri, this);
        endpoint.setBlock(isBlock());
        endpoint.setTimeout(getTimeout());
        setProperties(endpoint, parameters);
        return endpoint;
    }

    @Override
    public synchronized void addConsumer(String key, DirectConsumer consumer) {
        var consumers = newestFirst.computeIfAbsent(key, _ -> new ArrayDeque<>(2));
        if (!consumers.isEmpty()) {
            super.removeConsumer(key, consumers.getFirst());
        }
        consumers.remove(consumer);
        consumers.addFirst(consumer);
        super.addConsumer(key, consumer);
    }

    @Override
    public synchronized void removeConsumer(String key, DirectConsumer consumer) {
        var consumers = newestFirst.getOrDefault(key, new ArrayDeque<>(0));
        var serves = consumer.equals(consumers.peekFirst());
        consumers.remove(consumer);
        if (serves) {
            super.removeConsumer(key, consumer);
            if (!consumers.isEmpty()) {
                super.addConsumer(key, consumers.getFirst());
            }
        }
        if (consumers.isEmpty()) {
            newestFirst.remove(key);
        }
    }

    /** Left to itself, Camel refuses to start a second consumer of an endpoint. */
    private static final class ReplaceableEndpoint extends DirectEndpoint implements MultipleConsumersSupport {

        ReplaceableEndpoint(String uri, DirectComponent component) {
            super(uri, component);
        }

        @Override
        public boolean isMultipleConsumersSupported() {
            return true;
        }
    }
}

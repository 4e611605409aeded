package dev.caravan.camel;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.component.direct.DirectComponent;
import org.apache.camel.component.direct.DirectConsumer;

/**
 * Camel's direct component, in which a newer consumer takes an endpoint over from the one that has it: so a changed
 * route can be started beside the one it replaces, which then finishes what it has begun. If the newer one goes first,
 * the older serves again.
 */
public final class ReplaceableDirect extends DirectComponent {

    private final Map<String, Deque<DirectConsumer>> newestFirst = new HashMap<>();

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
}

package dev.caravan.camel;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.MultipleConsumersSupport;
import org.apache.camel.Producer;
import org.apache.camel.component.direct.DirectComponent;
import org.apache.camel.component.direct.DirectConsumer;
import org.apache.camel.component.direct.DirectEndpoint;
import org.apache.camel.component.direct.DirectProducer;
import org.apache.camel.util.StringHelper;

/**
 * Camel's direct component, in which a newer consumer takes an endpoint over from the one that has it: so a changed
 * route can be started beside the one it replaces, which then finishes what it has begun. If the newer one goes first,
 * the older serves again. There is no moment in which nobody serves.
 */
public final class ReplaceableDirect extends DirectComponent {

    private final Map<String, Deque<DirectConsumer>> newestFirst = new HashMap<>();
    private final Map<String, DirectConsumer> serving = new ConcurrentHashMap<>();

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
        serving.put(key, consumer);
    }

    @Override
    public synchronized void removeConsumer(String key, DirectConsumer consumer) {
        var consumers = newestFirst.getOrDefault(key, new ArrayDeque<>(0));
        var serves = consumer.equals(consumers.peekFirst());
        consumers.remove(consumer);
        if (serves) {
            super.removeConsumer(key, consumer);
            if (consumers.isEmpty()) {
                serving.remove(key);
            } else {
                serving.put(key, consumers.getFirst());
                super.addConsumer(key, consumers.getFirst());
            }
        }
        if (consumers.isEmpty()) {
            newestFirst.remove(key);
        }
    }

    /** Left to itself, Camel refuses to start a second consumer of an endpoint. */
    private static final class ReplaceableEndpoint extends DirectEndpoint implements MultipleConsumersSupport {

        private final String key;
        private final ReplaceableDirect component;

        ReplaceableEndpoint(String uri, ReplaceableDirect component) {
            super(uri, component);
            this.key = StringHelper.before(uri, "?", uri);
            this.component = component;
        }

        @Override
        public boolean isMultipleConsumersSupported() {
            return true;
        }

        @Override
        public Producer createProducer() {
            return new ReplaceableProducer(this, key, component.serving);
        }
    }

    /**
     * Asks for the consumer each time. Camel's own remembers one, and two threads that look for it at the same time may
     * leave it with the older one for good.
     */
    private static final class ReplaceableProducer extends DirectProducer {

        private final String key;
        private final Map<String, DirectConsumer> serving;

        ReplaceableProducer(DirectEndpoint endpoint, String key, Map<String, DirectConsumer> serving) {
            super(endpoint, key);
            this.key = key;
            this.serving = serving;
        }

        @Override
        public void process(Exchange exchange) throws Exception {
            var consumer = serving.get(key);
            if (consumer == null) {
                super.process(exchange);
            } else {
                consumer.getProcessor().process(exchange);
            }
        }

        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            var consumer = serving.get(key);
            return consumer == null
                    ? super.process(exchange, callback)
                    : consumer.getAsyncProcessor().process(exchange, callback);
        }
    }
}

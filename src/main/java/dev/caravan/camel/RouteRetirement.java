package dev.caravan.camel;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes routes that others have taken over from, each when it has finished what it began. Thread-safe. */
public final class RouteRetirement {

    private static final Logger LOG = LoggerFactory.getLogger(RouteRetirement.class);

    private final CamelContext camel;

    /** Whether each had nothing to do when it was last looked at. */
    private final Map<String, Boolean> retiring = new ConcurrentHashMap<>();

    public RouteRetirement(CamelContext camel) {
        this.camel = camel;
    }

    /** Begins to retire a route, to which nothing new is sent any more. */
    void retire(String routeId) {
        retiring.put(routeId, false);
    }

    /**
     * Removes what has finished: what had nothing to do now and the last time, for a request that was sent to a route just
     * before another took over may still be on its way there. Meant to be called about once a second.
     */
    public void removeFinished() {
        retiring.forEach((routeId, wasIdle) -> {
            var idle = camel.getInflightRepository().size(routeId) == 0;
            if (idle && wasIdle) {
                remove(routeId);
                retiring.remove(routeId);
            } else {
                retiring.put(routeId, idle);
            }
        });
    }

    /** Removes a route at once. */
    void remove(String routeId) {
        try {
            camel.getRouteController().stopRoute(routeId);
            camel.removeRoute(routeId);
        } catch (Exception e) {
            LOG.warn("Route {} could not be removed", routeId, e);
        }
    }
}

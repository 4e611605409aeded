package dev.caravan.camel;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes routes that others have taken over from, each when it has finished what it began. Thread-safe. */
public final class RouteRetirement {

    private static final Logger LOG = LoggerFactory.getLogger(RouteRetirement.class);

    private final CamelContext camel;
    private final Set<String> retiring = ConcurrentHashMap.newKeySet();

    public RouteRetirement(CamelContext camel) {
        this.camel = camel;
    }

    /** Begins to retire a route, to which nothing new is sent any more. */
    void retire(String routeId) {
        retiring.add(routeId);
    }

    /** Removes what has finished. Meant to be called about once a second. */
    public void removeFinished() {
        for (var routeId : retiring) {
            if (camel.getInflightRepository().size(routeId) == 0) {
                remove(routeId);
                retiring.remove(routeId);
            }
        }
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

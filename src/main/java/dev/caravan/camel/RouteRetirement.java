package dev.caravan.camel;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.support.service.ServiceHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes routes that others have taken over from, each when it has finished what it began. Thread-safe. Its monitor is
 * held by whoever adds routes or removes them, for Camel's lists of definitions are not made for both at once.
 */
public final class RouteRetirement {

    private static final Logger LOG = LoggerFactory.getLogger(RouteRetirement.class);

    private final ModelCamelContext camel;

    /** Whether each had nothing to do when it was last looked at. */
    private final Map<String, Boolean> retiring = new ConcurrentHashMap<>();

    /** Those that others which retire may still call. */
    private final Set<String> last = ConcurrentHashMap.newKeySet();

    public RouteRetirement(ModelCamelContext camel) {
        this.camel = camel;
    }

    /** Begins to retire a route, to which nothing new is sent any more. */
    void retire(String routeId) {
        retiring.put(routeId, false);
    }

    /** Takes a route out of service at once; what it has begun it finishes. */
    void withdraw(String routeId) {
        var route = camel.getRoute(routeId);
        if (route != null) {
            try {
                ServiceHelper.stopService(route.getConsumer());
            } catch (RuntimeException e) {
                LOG.warn("Route {} could not be taken out of service at once", routeId, e);
            }
        }
        retire(routeId);
    }

    /**
     * Begins to retire a route of a file that has changed.
     *
     * @param offers the paths and direct endpoints that the route serves
     * @param served what the routes in force serve now: they have taken those over
     */
    void replace(String routeId, Set<String> offers, Set<String> served) {
        if (!offers.isEmpty() && served.containsAll(offers)) {
            retire(routeId);
        } else if (offers.stream().anyMatch(key -> key.startsWith(RouteOutline.DIRECT))) {
            last.add(routeId);
            retire(routeId);
        } else {
            withdraw(routeId);
        }
    }

    /**
     * Removes what has finished: what had nothing to do now and the last time, for a request that was sent to a route just
     * before another took over may still be on its way there. Meant to be called about once a second.
     */
    public void removeFinished() {
        retiring.forEach((routeId, wasIdle) -> {
            var idle = camel.getInflightRepository().size(routeId) == 0
                    && (!last.contains(routeId) || last.containsAll(retiring.keySet()));
            if (idle && wasIdle) {
                remove(routeId);
                retiring.remove(routeId);
                last.remove(routeId);
            } else {
                retiring.put(routeId, idle);
            }
        });
    }

    /** Removes a route at once, or what is left of one that could not be made. */
    private synchronized void remove(String routeId) {
        try {
            camel.getRouteController().stopRoute(routeId);
            camel.removeRoute(routeId);
            var definition = camel.getRouteDefinition(routeId);
            if (definition != null) {
                camel.removeRouteDefinition(definition);
            }
        } catch (Exception e) {
            LOG.warn("Route {} could not be removed", routeId, e);
        }
    }
}

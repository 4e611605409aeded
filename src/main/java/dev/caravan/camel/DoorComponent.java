package dev.caravan.camel;

import java.util.Map;
import org.apache.camel.Component;
import org.apache.camel.Endpoint;
import org.apache.camel.MultipleConsumersSupport;
import org.apache.camel.component.platform.http.PlatformHttpComponent;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;

/**
 * Camel's platform-http component on the {@link DoorEngine}, in which a changed route can be started beside the one it
 * replaces: left to itself, Camel refuses a second consumer of a path.
 */
public final class DoorComponent extends PlatformHttpComponent {

    public DoorComponent(DoorEngine engine) {
        setEngine(engine);
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        var endpoint = new ReplaceableEndpoint(uri, remaining, this);
        endpoint.setPlatformHttpEngine(getEngine());
        setProperties(endpoint, parameters);
        return endpoint;
    }

    private static final class ReplaceableEndpoint extends PlatformHttpEndpoint implements MultipleConsumersSupport {

        ReplaceableEndpoint(String uri, String remaining, Component component) {
            super(uri, remaining, component);
        }

        @Override
        public boolean isMultipleConsumersSupported() {
            return true;
        }
    }
}

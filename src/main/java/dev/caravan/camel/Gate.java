package dev.caravan.camel;

import dev.caravan.access.Access;
import dev.caravan.access.AccessKeys;
import dev.caravan.api.Answer;
import dev.caravan.door.DoorRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;

/** Lets in who has the key that an endpoint asks for, and hands out the parts of a request. */
public final class Gate {

    private final AccessKeys keys;

    public Gate(AccessKeys keys) {
        this.keys = keys;
    }

    /** The message of a caller without a client's key becomes the refusal. */
    public void client(Exchange exchange) {
        var request = request(exchange);
        pass(exchange, keys.client(request.header("authorization"), request.header("x-api-key")));
    }

    /** The message of a caller without the admin key becomes the refusal. */
    public void admin(Exchange exchange) {
        var request = request(exchange);
        pass(exchange, keys.admin(request.header("authorization"), request.header("x-admin-key")));
    }

    /** The query parameters; of several with one name the last. */
    public Map<String, String> query(@ExchangeProperty(DoorConsumer.REQUEST) DoorRequest request) {
        var parameters = new LinkedHashMap<String, String>();
        request.queryParameters().forEach((name, values) -> parameters.put(name, values.getLast()));
        return parameters;
    }

    /** What follows {@code prefix} in the path. */
    public String rest(@ExchangeProperty(DoorConsumer.REQUEST) DoorRequest request, String prefix) {
        return request.path().substring(Math.min(prefix.length(), request.path().length()));
    }

    private static void pass(Exchange exchange, Access access) {
        if (access instanceof Access.Denied(var error)) {
            exchange.getMessage().setBody(new Answer.Refused(error));
        }
    }

    private static DoorRequest request(Exchange exchange) {
        return exchange.getProperty(DoorConsumer.REQUEST, DoorRequest.class);
    }
}

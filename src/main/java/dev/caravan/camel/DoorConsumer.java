package dev.caravan.camel;

import dev.caravan.api.ChatReply;
import dev.caravan.chat.ChatError;
import dev.caravan.chat.ErrorCode;
import dev.caravan.door.DoorReply;
import dev.caravan.door.DoorRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.apache.camel.support.DefaultConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one route for each request that comes in by the door on its path, on the request's own thread, and sends what the
 * route leaves in the message: its status, headers and body. A stream is sent on as it is read.
 */
final class DoorConsumer extends DefaultConsumer implements PlatformHttpConsumer {

    /** Where a route finds the {@link DoorRequest} and {@link DoorReply} of its request. */
    static final String REQUEST = "caravan.door.request";

    static final String REPLY = "caravan.door.reply";

    private static final Logger LOG = LoggerFactory.getLogger(DoorConsumer.class);

    /** What of a request reaches a route. Everything else, Camel's own headers above all, is left at the door. */
    private static final Set<String> LET_IN = Set.of(
            "accept",
            "authorization",
            "content-type",
            "traceparent",
            "tracestate",
            "user-agent",
            "x-admin-key",
            "x-api-key",
            "x-request-id");

    private static final int STREAM_BUFFER = 16 * 1024;

    private final DoorPaths paths;
    private final Set<String> methods;

    DoorConsumer(PlatformHttpEndpoint endpoint, Processor processor, DoorPaths paths) {
        super(endpoint, processor);
        this.paths = paths;
        var restrict = endpoint.getHttpMethodRestrict();
        this.methods = restrict == null
                ? Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
                : Arrays.stream(restrict.toUpperCase(Locale.ROOT).split(","))
                        .map(String::strip)
                        .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public PlatformHttpEndpoint getEndpoint() {
        return (PlatformHttpEndpoint) super.getEndpoint();
    }

    Set<String> methods() {
        return methods;
    }

    boolean serves(String method) {
        return methods.contains(method) || (method.equals("HEAD") && methods.contains("GET"));
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        paths.add(this);
    }

    @Override
    protected void doStop() throws Exception {
        paths.remove(this);
        super.doStop();
    }

    void handle(DoorRequest request, DoorReply reply, Map<String, String> pathParameters) {
        var exchange = createExchange(false);
        try {
            exchange.setPattern(ExchangePattern.InOut);
            fill(exchange, request, reply, pathParameters);
            createUoW(exchange);
            getProcessor().process(exchange);
            respond(exchange, request, reply);
        } catch (Exception e) {
            KeepAlive.end(exchange);
            fail(e, request, reply);
        } finally {
            doneUoW(exchange);
            releaseExchange(exchange, false);
        }
    }

    private static void fill(
            Exchange exchange, DoorRequest request, DoorReply reply, Map<String, String> pathParameters) {
        exchange.setProperty(REQUEST, request);
        exchange.setProperty(REPLY, reply);
        var message = exchange.getIn();
        message.setBody(request.body());
        message.setHeader(Exchange.HTTP_METHOD, request.method());
        message.setHeader(Exchange.HTTP_PATH, request.path());
        for (var header : request.headers()) {
            var name = header.getKey().toLowerCase(Locale.ROOT);
            if (LET_IN.contains(name)) {
                message.setHeader(name, header.getValue());
            }
        }
        pathParameters.forEach(message::setHeader);
    }

    private void respond(Exchange exchange, DoorRequest request, DoorReply reply)
            throws IOException, InvalidPayloadException {
        var begun = KeepAlive.end(exchange);
        if (exchange.getException() != null) {
            fail(exchange.getException(), request, reply);
            return;
        }
        var message = exchange.getMessage();
        var code = message.getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class);
        var status = code == null ? 200 : code;
        var headers = headers(message, request);
        switch (message.getBody()) {
            case null -> reply.send(status, headers, new byte[0]);
            case byte[] bytes -> reply.send(status, headers, bytes);
            case InputStream stream -> {
                try (stream) {
                    if (begun || reply.begin(status, headers)) {
                        stream(stream, reply);
                    }
                }
            }
            default -> reply.send(status, headers, message.getMandatoryBody(byte[].class));
        }
    }

    private static void stream(InputStream stream, DoorReply reply) throws IOException {
        try {
            var buffer = new byte[STREAM_BUFFER];
            for (var count = stream.read(buffer, 0, buffer.length);
                    count >= 0;
                    count = stream.read(buffer, 0, buffer.length)) {
                if (!reply.write(buffer, 0, count)) {
                    return;
                }
            }
            reply.end();
        } catch (IOException e) {
            reply.abort();
            throw e;
        }
    }

    /** A bug of ours, or of a route of the user's. */
    private static void fail(Exception cause, DoorRequest request, DoorReply reply) {
        LOG.error("{} {} failed [{}]", request.method(), request.path(), request.requestId(), cause);
        var error = ChatReply.error(
                ChatError.of(
                        ErrorCode.INTERNAL_ERROR,
                        "The broker failed; its log says more under request id " + request.requestId() + "."),
                request.requestId());
        try {
            reply.send(error.status(), error.headers(), (byte[]) error.body());
        } catch (IllegalStateException e) {
            reply.abort();
        }
    }

    /** What the route has set: not Camel's own, and not what only came in with the request. */
    private static Map<String, String> headers(Message message, DoorRequest request) {
        var headers = new HashMap<String, String>();
        message.getHeaders().forEach((name, value) -> {
            if (value instanceof String text && !name.startsWith("Camel")) {
                var lower = name.toLowerCase(Locale.ROOT);
                if (lower.equals("content-type") || !text.equals(request.header(lower))) {
                    headers.put(lower, text);
                }
            }
        });
        return headers;
    }
}

package dev.caravan.camel;

import dev.caravan.api.ChatReply;
import dev.caravan.chat.ChatError;
import dev.caravan.chat.ErrorCode;
import dev.caravan.door.DoorHandler;
import dev.caravan.door.DoorReply;
import dev.caravan.door.DoorRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.apache.camel.component.platform.http.spi.PlatformHttpEngine;

/** Lets routes say {@code platform-http:} while requests come in by the door. Thread-safe. */
public final class DoorEngine implements PlatformHttpEngine, DoorHandler {

    private final DoorPaths paths = new DoorPaths();

    @Override
    public PlatformHttpConsumer createConsumer(PlatformHttpEndpoint endpoint, Processor processor) {
        return new DoorConsumer(endpoint, processor, paths);
    }

    @Override
    public void handle(DoorRequest request, DoorReply reply) {
        switch (paths.find(request.method(), request.path())) {
            case DoorPaths.Found(var consumer, var parameters) -> consumer.handle(request, reply, parameters);
            case DoorPaths.WrongMethod(var allowed)
            when request.method().equals("OPTIONS") -> reply.send(204, Map.of("allow", allowed), new byte[0]);
            case DoorPaths.WrongMethod(var allowed) ->
                refuse(
                        request,
                        reply,
                        ChatError.of(
                                ErrorCode.METHOD_NOT_ALLOWED,
                                request.method() + " is not allowed on " + request.path() + "; use " + allowed + "."),
                        Map.of("allow", allowed));
            // about the server as a whole, which has no methods
            case DoorPaths.Unknown _ when request.path().equals("*") -> reply.send(204, Map.of(), new byte[0]);
            case DoorPaths.Unknown _ ->
                refuse(
                        request,
                        reply,
                        ChatError.of(
                                ErrorCode.NOT_FOUND,
                                "There is no endpoint " + request.method() + " " + request.path() + "."),
                        Map.of());
        }
    }

    private static void refuse(DoorRequest request, DoorReply reply, ChatError error, Map<String, String> more) {
        var refusal = ChatReply.error(error, request.requestId());
        var headers = new LinkedHashMap<>(refusal.headers());
        headers.putAll(more);
        reply.send(refusal.status(), headers, (byte[]) refusal.body());
    }
}

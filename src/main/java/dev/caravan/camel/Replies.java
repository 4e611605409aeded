package dev.caravan.camel;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.api.Answer;
import dev.caravan.api.ChatReply;
import dev.caravan.door.DoorRequest;
import dev.caravan.plan.Ask;
import java.util.Map;
import org.apache.camel.Exchange;

/** Puts what came of a request into the message that the door sends. */
public final class Replies {

    private final ObjectMapper json;

    public Replies(ObjectMapper json) {
        this.json = json;
    }

    /** A chat request's outcome. */
    public void chat(Exchange exchange) {
        var reply = ChatReply.of(exchange.getMessage().getBody(Ask.class));
        fill(exchange, KeepAlive.end(exchange) ? reply.inStream() : reply);
    }

    /** What came of a request in a form of its own. */
    public void reply(Exchange exchange) {
        fill(exchange, exchange.getMessage().getBody(ChatReply.class));
    }

    /** The answer of any other endpoint. */
    public void answer(Exchange exchange) throws JsonProcessingException {
        var reply = switch (exchange.getMessage().getBody(Answer.class)) {
            case Answer.Ok(var status, String text) ->
                new ChatReply(status, Map.of("content-type", "text/plain; version=0.0.4; charset=utf-8"), text);
            case Answer.Ok(var status, var body) ->
                new ChatReply(status, Map.of("content-type", "application/json"), json.writeValueAsBytes(body));
            case Answer.Refused(var error) ->
                ChatReply.error(
                        error,
                        exchange.getProperty(DoorConsumer.REQUEST, DoorRequest.class)
                                .requestId());
        };
        fill(exchange, reply);
    }

    private static void fill(Exchange exchange, ChatReply reply) {
        var message = exchange.getMessage();
        message.removeHeaders("*");
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, reply.status());
        reply.headers().forEach(message::setHeader);
        message.setBody(reply.body());
    }
}

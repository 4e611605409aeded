package dev.caravan.camel;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.access.Identity;
import dev.caravan.api.Answer;
import dev.caravan.api.ChatReply;
import dev.caravan.api.UsageApi;
import dev.caravan.catalog.LiveCatalog;
import dev.caravan.chat.Cancellation;
import dev.caravan.chat.ChatError;
import dev.caravan.chat.Outcome;
import dev.caravan.door.RequestIds;
import dev.caravan.plan.Admission;
import dev.caravan.plan.Ask;
import dev.caravan.usage.Accounts;
import dev.caravan.usage.StatsReport;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * The third door: routes of the user's own, which come in by {@code direct:caravan.chat} and the kamelet
 * {@code caravan-chat-sink}. What it takes and gives is a contract, told in {@code docs/integration.md}. Thread-safe.
 */
public final class RouteDoor {

    /** What is noted of requests that came in here, in place of a path. */
    static final String ENDPOINT = "direct:caravan.chat";

    /** The text of the first answer, for the next step of the route. */
    static final String TEXT = "caravanText";

    /** Who answered. */
    static final String PROVIDER = "caravanProvider";

    /** The id in logs and usage. */
    static final String REQUEST_ID = "caravanRequestId";

    /** How many requests there were, and what they cost in USD. */
    static final String REQUESTS = "caravanRequests";

    static final String COST = "caravanCost";

    private static final String PARAMETER = "caravan.chat.";
    private static final String ALL_DAY = "24";

    private final LiveCatalog catalog;
    private final Admission admission;
    private final Accounts accounts;
    private final UsageApi usage;
    private final ObjectMapper json;

    public RouteDoor(LiveCatalog catalog, Admission admission, Accounts accounts, UsageApi usage, ObjectMapper json) {
        this.catalog = catalog;
        this.admission = admission;
        this.accounts = accounts;
        this.usage = usage;
        this.json = json;
    }

    /** The body, a chat request in any form that Camel can make bytes of, becomes an {@link Ask}. */
    public void admit(Exchange exchange) throws JsonProcessingException {
        var id = RequestIds.fresh();
        var arrival =
                new Ask.Arrival(id, Ask.Door.ROUTE, ENDPOINT, Instant.now(), System.nanoTime(), new Cancellation());
        var body = bytes(exchange);
        var ask = body == null
                ? Ask.refused(arrival, catalog.current(), Identity.ROUTES, noRequest(exchange))
                : admission.admitUnstreamed(arrival, catalog.current(), Identity.ROUTES, body);
        exchange.setProperty(Arrivals.ROOT, exchange);
        exchange.setVariable(Arrivals.ASK, ask);
        exchange.getMessage().setBody(ask);
        exchange.getMessage().removeHeaders("*");
    }

    /**
     * The completion becomes the body, as JSON.
     *
     * @throws ChatFailed if there is none
     */
    public void reply(Exchange exchange) {
        var ask = exchange.getMessage().getBody(Ask.class);
        var requestId = ask.arrival().requestId();
        exchange.setVariable(REQUEST_ID, requestId);
        switch (ask.outcome()) {
            case Outcome.Failed(var error) -> throw new ChatFailed(error, requestId);
            case Outcome.Answered(var response) -> {
                exchange.setVariable(TEXT, response.text());
                exchange.setVariable(PROVIDER, ask.current().provider().name());
                exchange.getMessage()
                        .setBody(new String((byte[]) ChatReply.of(ask).body(), UTF_8));
            }
            case Outcome.Streaming _ -> throw new IllegalStateException("a stream, which nobody asked for");
        }
    }

    /** The request has ended, whatever became of it. */
    public void close(Exchange exchange) {
        accounts.close(exchange.getVariable(Arrivals.ASK, Ask.class));
    }

    /** What came of the asking goes back to the route that asked; all else there stays as it was. */
    public static Exchange join(Exchange asking, @Nullable Exchange asked) {
        if (asked == null) {
            return asking;
        }
        if (asked.getException() != null) {
            asking.setException(asked.getException());
        } else {
            asking.getMessage().setBody(asked.getMessage().getBody());
        }
        for (var name : List.of(TEXT, PROVIDER, REQUEST_ID)) {
            asking.setVariable(name, asked.getVariable(name));
        }
        return asking;
    }

    /** The body, any text, becomes a request about it, as the properties {@code caravan.chat.…} of the exchange say. */
    public void aboutText(Exchange exchange) throws JsonProcessingException {
        var text = exchange.getMessage().getBody(String.class);
        if (text == null || text.isBlank()) {
            throw new ChatFailed(ChatError.invalid(null, "There is no text in the message's body."), "");
        }
        var request = json.createObjectNode().put("model", parameter(exchange, "model"));
        var system = parameter(exchange, "system");
        var messages = request.putArray("messages");
        if (!system.isEmpty()) {
            messages.addObject().put("role", "system").put("content", system);
        }
        messages.addObject().put("role", "user").put("content", text);
        addNumber(request, "max_tokens", parameter(exchange, "maxTokens"));
        exchange.getMessage().setBody(json.writeValueAsString(request));
    }

    /** The statistics of as many hours as the body says, or of a day, become the body, as JSON. */
    public void stats(Exchange exchange) throws JsonProcessingException {
        var hours = exchange.getMessage().getBody(String.class);
        var asked = Map.of("hours", hours == null || hours.isBlank() ? ALL_DAY : hours.strip());
        var answer = usage.stats(asked);
        if (answer instanceof Answer.Refused(var error)) {
            throw new ChatFailed(error, "");
        }
        var report = (StatsReport) ((Answer.Ok) answer).body();
        exchange.setVariable(REQUESTS, report.counts().totalRequests());
        exchange.setVariable(COST, report.counts().totalCost().toPlainString());
        exchange.getMessage().setBody(json.writeValueAsString(report));
    }

    private byte @Nullable [] bytes(Exchange exchange) throws JsonProcessingException {
        var body = exchange.getMessage().getBody();
        return body instanceof Map<?, ?>
                ? json.writeValueAsBytes(body)
                : exchange.getMessage().getBody(byte[].class);
    }

    private static ChatError noRequest(Exchange exchange) {
        var body = exchange.getMessage().getBody();
        return ChatError.invalid(
                null,
                "The message's body is "
                        + (body == null ? "empty" : "a " + body.getClass().getName())
                        + "; it must be a chat request: JSON text, bytes, a file, or a map.");
    }

    private static String parameter(Exchange exchange, String name) {
        return Objects.requireNonNullElse(exchange.getProperty(PARAMETER + name, String.class), "");
    }

    private static void addNumber(ObjectNode request, String field, String value) {
        if (!value.isEmpty()) {
            request.put(field, Integer.parseInt(value));
        }
    }
}

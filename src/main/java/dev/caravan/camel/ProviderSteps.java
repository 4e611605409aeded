package dev.caravan.camel;

import dev.caravan.catalog.ProviderSpec;
import dev.caravan.chat.ChatError;
import dev.caravan.chat.ErrorCode;
import dev.caravan.chat.Operation;
import dev.caravan.chat.Outcome;
import dev.caravan.chat.StreamEvent;
import dev.caravan.chat.Trace;
import dev.caravan.plan.Ask;
import dev.caravan.plan.Codecs;
import dev.caravan.plan.CoolDowns;
import dev.caravan.plan.Deadlines;
import dev.caravan.plan.Failures;
import dev.caravan.plan.ProviderCall;
import dev.caravan.plan.StreamedAnswer;
import dev.caravan.provider.DecodedStream;
import dev.caravan.provider.HttpAnswer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Predicate;
import org.apache.camel.Processor;
import org.apache.camel.support.ExchangeHelper;
import org.apache.camel.support.SynchronizationAdapter;
import org.jspecify.annotations.Nullable;

/** The steps of a provider's route: what stands between Camel's messages and the codecs. */
public final class ProviderSteps {

    private static final String ATTEMPT = "caravan.attempt";

    /** An attempt that is going on. */
    private record Attempt(ProviderCall call, CallWatch watch) {}

    private final Codecs codecs;
    private final CoolDowns coolDowns;
    private final Deadlines deadlines;

    public ProviderSteps(Codecs codecs, CoolDowns coolDowns, Deadlines deadlines) {
        this.codecs = codecs;
        this.coolDowns = coolDowns;
        this.deadlines = deadlines;
    }

    /** The request becomes the attempts to have it answered by the provider whose turn it is. */
    public Processor prepare() {
        return exchange -> {
            var message = exchange.getMessage();
            var ask = message.getBody(Ask.class);
            var codec = codecs.of(ask.current().provider(), ask.operation());
            message.setBody(new ProviderCall(ask, coolDowns, codec));
        };
    }

    /** Whether the provider is to be asked now: the first time, or once more. */
    public Predicate pending() {
        return exchange -> exchange.getMessage().getBody(ProviderCall.class).isPending();
    }

    /** Another attempt; a repeat waits first. */
    public Processor begin() {
        return exchange -> exchange.getMessage().getBody(ProviderCall.class).begin();
    }

    /** What came of the attempts goes back to the request. */
    public Processor finish() {
        return exchange -> {
            var message = exchange.getMessage();
            message.setBody(message.getBody(ProviderCall.class).finish());
        };
    }

    /** The call becomes an HTTP request in the provider's dialect. */
    public Processor encode() {
        return exchange -> {
            var call = exchange.getMessage().getBody(ProviderCall.class);
            var provider = call.deployment().provider();
            var attempt = new Attempt(call, new CallWatch(deadlines, provider.timeout()));
            exchange.setProperty(ATTEMPT, attempt);
            var message = exchange.getMessage();
            if (message.hasHeaders()) {
                message.removeHeaders("*"); // of the answer of a provider that was asked before
            }
            var http = call.http();
            http.headers().forEach(message::setHeader);
            var trace = call.trace();
            if (trace != null) {
                message.setHeader(Trace.HEADER, trace.next());
            }
            String elsewhere = null;
            if (codecs.of(provider.type()).fixedPath() == null) {
                path(message, http.path());
            } else if (call.request().operation() != Operation.CHAT) {
                elsewhere = URI.create(provider.baseUrl()).getRawPath() + http.path();
            }
            message.setBody(new CallEntity(http.body(), elsewhere, call.cancellation(), attempt.watch()));
        };
    }

    /** The HTTP response becomes an outcome; one that speaks against the provider is thrown at its breaker. */
    public Processor decode() {
        return exchange -> {
            var attempt = exchange.getProperty(ATTEMPT, Attempt.class);
            var call = attempt.call();
            Outcome outcome;
            try {
                outcome = outcome(exchange, attempt);
            } catch (IOException e) {
                // let go in the middle of a whole answer: that is nobody's fault
                throw call.cancellation().isCancelled() ? new CallAborted() : e;
            }
            exchange.getMessage().setBody(call);
            if (outcome instanceof Outcome.Failed(var error) && Failures.countsForBreaker(error)) {
                throw new ProviderFault(error);
            }
            call.settle(outcome);
        };
    }

    /** What was thrown at the breaker, or by it, becomes an outcome again. */
    public Processor fallback() {
        return exchange -> {
            var call = exchange.getMessage().getBody(ProviderCall.class);
            var name = call.deployment().provider().name();
            var cause = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
            switch (cause) {
                case null ->
                    call.refuse(ChatError.of(
                                    ErrorCode.SERVICE_UNAVAILABLE,
                                    "Provider '" + name
                                            + "' has failed too often lately and is left alone for a while.")
                            .withCause("breaker_open"));
                case CallAborted _ -> {} // nobody waits for what came of it
                default -> call.settle(new Outcome.Failed(HttpFailures.meaning(name, cause)));
            }
        };
    }

    private Outcome outcome(Exchange exchange, Attempt attempt) throws IOException {
        var call = attempt.call();
        var message = exchange.getMessage();
        var body = message.getBody();
        var status = message.getHeader(Exchange.HTTP_RESPONSE_CODE, 0, Integer.class);
        var codec = codecs.of(call.deployment().provider(), call.request().operation());
        if (status / 100 == 2 && call.request().stream() && body instanceof InputStream stream) {
            return streaming(exchange, attempt, stream);
        }
        var bytes = bytes(body);
        return status / 100 == 2
                ? codec.decode(call.request(), bytes, key(call.deployment().provider()))
                : new Outcome.Failed(codec.error(
                        call.deployment().provider().name(),
                        new HttpAnswer(status, headers(message.getHeaders()), bytes),
                        key(call.deployment().provider())));
    }

    private Outcome streaming(Exchange exchange, Attempt attempt, InputStream body) throws IOException {
        var call = attempt.call();
        var provider = call.deployment().provider();
        var events = codecs.of(provider, call.request().operation()).events(call.request(), body, key(provider));
        var decoded = new DecodedStream(
                attempt.watch().watched(events, provider.connections().idleTimeout()),
                () -> close(body),
                broken -> HttpFailures.meaning(provider.name(), broken));
        if (decoded.ahead() instanceof StreamEvent.Broken(var error)) {
            decoded.close();
            return call.cancellation().isCancelled() ? aborted() : new Outcome.Failed(error);
        }
        // the breaker works on a copy of the exchange, at whose end the stream would be closed: it outlives it
        var root = exchange.getProperty(Arrivals.ROOT, Exchange.class);
        var whole = root == null ? exchange : root;
        var stream = new StreamedAnswer(decoded, call);
        synchronized (whole) { // several answers of one request may come at once
            exchange.getUnitOfWork().handoverSynchronization(whole);
            keepRoute(exchange, whole, stream);
        }
        return new Outcome.Streaming(stream);
    }

    /**
     * A route's connections are its own and end with it: it counts as busy until its last stream has ended. At the end of
     * the request that is so, whatever became of it.
     */
    private static void keepRoute(Exchange exchange, Exchange whole, StreamedAnswer stream) {
        var routeId = ExchangeHelper.getAtRouteId(exchange);
        var inFlight = exchange.getContext().getInflightRepository();
        inFlight.add(whole, routeId);
        whole.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                try {
                    stream.close();
                } finally {
                    inFlight.remove(whole, routeId);
                }
            }
        });
    }

    private static Outcome aborted() {
        throw new CallAborted();
    }

    /**
     * Says where a call goes whose path depends on what is asked. No placeholder of Camel's can stand in it: codecs escape
     * whatever of it came with a request.
     */
    private static void path(Message message, String path) {
        var query = path.indexOf('?');
        message.setHeader(Exchange.HTTP_PATH, query < 0 ? path : path.substring(0, query));
        if (query >= 0) {
            message.setHeader(Exchange.HTTP_QUERY, path.substring(query + 1));
        }
    }

    private static @Nullable String key(ProviderSpec provider) {
        var key = provider.apiKey();
        return key == null ? null : key.reveal();
    }

    private static byte[] bytes(@Nullable Object body) throws IOException {
        return switch (body) {
            case null -> new byte[0];
            case byte[] bytes -> bytes;
            case InputStream stream -> {
                try (stream) {
                    yield stream.readAllBytes();
                }
            }
            default -> throw new IllegalStateException("a response body of " + body.getClass());
        };
    }

    private static void close(InputStream body) {
        try {
            body.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, String> headers(Map<String, Object> headers) {
        var texts = new HashMap<String, String>();
        headers.forEach((name, value) -> texts.put(name.toLowerCase(Locale.ROOT), String.valueOf(value)));
        return texts;
    }
}

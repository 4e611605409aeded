package dev.caravan.camel;

import dev.caravan.catalog.ProviderSpec;
import dev.caravan.chat.ChatError;
import dev.caravan.chat.ErrorCode;
import dev.caravan.chat.Outcome;
import dev.caravan.chat.StreamEvent;
import dev.caravan.plan.Ask;
import dev.caravan.plan.Codecs;
import dev.caravan.plan.CoolDowns;
import dev.caravan.plan.Failures;
import dev.caravan.plan.ProviderCall;
import dev.caravan.plan.StreamedAnswer;
import dev.caravan.provider.DecodedStream;
import dev.caravan.provider.HttpAnswer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Predicate;
import org.apache.camel.Processor;
import org.apache.camel.support.ExchangeHelper;
import org.apache.camel.support.SynchronizationAdapter;
import org.jspecify.annotations.Nullable;

/** The steps of a provider's route: what stands between Camel's messages and the codecs. */
public final class ProviderSteps {

    private static final String CALL = "call";

    private final Codecs codecs;
    private final CoolDowns coolDowns;
    private final Consumer<ProviderSpec> onBrokenStream;

    /** @param onBrokenStream told of a provider that broke a stream off, which its breaker does not see */
    public ProviderSteps(Codecs codecs, CoolDowns coolDowns, Consumer<ProviderSpec> onBrokenStream) {
        this.codecs = codecs;
        this.coolDowns = coolDowns;
        this.onBrokenStream = onBrokenStream;
    }

    /** The request becomes the attempts to have it answered by the provider whose turn it is. */
    public Processor prepare() {
        return exchange -> {
            var message = exchange.getMessage();
            message.setBody(new ProviderCall(message.getBody(Ask.class), coolDowns));
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
            var deployment = call.deployment();
            var http = codecs.of(deployment.provider().type())
                    .encode(call.request(), deployment.model(), key(deployment.provider()))
                    .call();
            exchange.setVariable(CALL, call);
            var message = exchange.getMessage();
            http.headers().forEach(message::setHeader);
            message.setBody(new CallEntity(
                    http.body(), call.cancellation(), deployment.provider().timeout()));
        };
    }

    /** The HTTP response becomes an outcome; one that speaks against the provider is thrown at its breaker. */
    public Processor decode() {
        return exchange -> {
            var call = call(exchange);
            var outcome = outcome(exchange, call);
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

    private Outcome outcome(Exchange exchange, ProviderCall call) throws IOException {
        var message = exchange.getMessage();
        var body = message.getBody();
        var status = message.getHeader(Exchange.HTTP_RESPONSE_CODE, 0, Integer.class);
        var codec = codecs.of(call.deployment().provider().type());
        if (status / 100 == 2 && call.request().stream() && body instanceof InputStream stream) {
            return streaming(exchange, call, stream);
        }
        var bytes = bytes(body);
        return status / 100 == 2
                ? codec.decode(call.request(), bytes, key(call.deployment().provider()))
                : new Outcome.Failed(codec.error(
                        call.deployment().provider().name(),
                        new HttpAnswer(status, headers(message.getHeaders()), bytes),
                        key(call.deployment().provider())));
    }

    private Outcome streaming(Exchange exchange, ProviderCall call, InputStream body) throws IOException {
        var provider = call.deployment().provider();
        var decoded = new DecodedStream(
                codecs.of(provider.type()).events(call.request(), body, key(provider)),
                () -> close(body),
                broken -> HttpFailures.meaning(provider.name(), broken));
        if (decoded.ahead() instanceof StreamEvent.Broken(var error)) {
            decoded.close();
            return call.cancellation().isCancelled() ? aborted() : new Outcome.Failed(error);
        }
        // the breaker works on a copy of the exchange, at whose end the stream would be closed: it outlives it
        var root = exchange.getVariable(Arrivals.ROOT, Exchange.class);
        var whole = root == null ? exchange : root;
        exchange.getUnitOfWork().handoverSynchronization(whole);
        keepRoute(exchange, whole);
        return new Outcome.Streaming(new StreamedAnswer(decoded, call, error -> onBrokenStream.accept(provider)));
    }

    /** A route's connections are its own and end with it: it counts as busy until its last stream has ended. */
    private static void keepRoute(Exchange exchange, Exchange whole) {
        var routeId = ExchangeHelper.getAtRouteId(exchange);
        var inFlight = exchange.getContext().getInflightRepository();
        inFlight.add(whole, routeId);
        whole.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                inFlight.remove(whole, routeId);
            }
        });
    }

    private static Outcome aborted() {
        throw new CallAborted();
    }

    private static ProviderCall call(Exchange exchange) {
        return exchange.getVariable(CALL, ProviderCall.class);
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

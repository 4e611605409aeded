package dev.caravan.camel;

import dev.caravan.chat.ChatError;
import dev.caravan.chat.ErrorCode;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;
import org.apache.camel.RuntimeExchangeException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What it means that a call to a provider threw. */
final class HttpFailures {

    private static final Logger LOG = LoggerFactory.getLogger(HttpFailures.class);

    private HttpFailures() {}

    static ChatError meaning(String provider, Throwable thrown) {
        var named = "Provider '" + provider + "'";
        return switch (thrown) {
            case ProviderFault fault -> fault.error();
            case ConnectTimeoutException _, ConnectException _, UnknownHostException _, NoRouteToHostException _ ->
                unreachable(named + " cannot be reached: " + reason(thrown) + ".", "cannot_connect");
            case SSLException _ ->
                unreachable(named + " cannot be reached safely: " + reason(thrown) + ".", "cannot_connect");
            case ConnectionRequestTimeoutException _ ->
                unreachable(named + " has no connection left for another call.", "pool_exhausted");
            case InterruptedIOException _ ->
                ChatError.of(ErrorCode.TIMEOUT, named + " did not answer in time.")
                        .withCause("provider_timeout");
            case IOException _ ->
                ChatError.of(ErrorCode.INFERENCE_FAILED, named + " broke the connection off: " + reason(thrown) + ".")
                        .withCause("connection_broken");
            case RuntimeExchangeException wrapper
            when wrapper.getCause() != null -> meaning(provider, wrapper.getCause());
            default -> {
                LOG.error("A call to provider '{}' failed in the broker itself", provider, thrown);
                yield ChatError.of(ErrorCode.INTERNAL_ERROR, "The broker failed while it asked a provider.");
            }
        };
    }

    private static ChatError unreachable(String message, String cause) {
        return ChatError.of(ErrorCode.SERVICE_UNAVAILABLE, message).withCause(cause);
    }

    private static String reason(Throwable thrown) {
        var message = thrown.getMessage();
        return message == null ? thrown.getClass().getSimpleName() : message;
    }
}

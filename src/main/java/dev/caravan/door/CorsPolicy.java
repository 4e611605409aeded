package dev.caravan.door;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which web pages may call, by the CORS protocol. Cookies and other credentials of a browser's own are never asked for: keys
 * travel in headers. Immutable.
 *
 * @see <a href="https://fetch.spec.whatwg.org/#http-cors-protocol">the protocol</a>
 */
public final class CorsPolicy {

    private static final String ANY = "*";
    private static final String METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";
    /** What scripts may read of a response beyond what every script may. */
    private static final String EXPOSED = String.join(
            ", ",
            "x-request-id",
            "x-should-retry",
            "retry-after",
            "retry-after-ms",
            "x-caravan-cache",
            "x-ratelimit-limit-requests",
            "x-ratelimit-limit-tokens",
            "x-ratelimit-remaining-requests",
            "x-ratelimit-remaining-tokens",
            "x-ratelimit-reset-requests",
            "x-ratelimit-reset-tokens");

    /** No page may. */
    public static final CorsPolicy OFF = new CorsPolicy(Set.of(), Duration.ZERO);

    private final Set<String> origins;
    private final boolean any;
    private final String maxAge;

    private CorsPolicy(Set<String> origins, Duration maxAge) {
        this.origins = origins;
        this.any = origins.contains(ANY);
        this.maxAge = String.valueOf(maxAge.toSeconds());
    }

    /**
     * Pages of these origins may call.
     *
     * @param origins such as {@code https://app.example.com}, or {@code *} for all; none: off
     * @param maxAge how long a browser may remember that
     * @throws IllegalArgumentException if one is not an origin; the message is a sentence about it
     */
    public static CorsPolicy of(List<String> origins, Duration maxAge) {
        origins.forEach(CorsPolicy::check);
        return origins.isEmpty() ? OFF : new CorsPolicy(Set.copyOf(origins), maxAge);
    }

    /** Whether a browser asks if it may send a request that a page wants to send, and may. */
    boolean isPreflight(HttpRequest request) {
        return !origins.isEmpty()
                && request.method().equals(HttpMethod.OPTIONS)
                && request.headers().contains(HttpHeaderNames.ACCESS_CONTROL_REQUEST_METHOD)
                && allowed(request) != null;
    }

    /** Lets the page that sent the request read the response, if it may. */
    void addTo(HttpHeaders response, @Nullable HttpRequest request) {
        if (origins.isEmpty()) {
            return;
        }
        if (!any) {
            response.add(HttpHeaderNames.VARY, HttpHeaderNames.ORIGIN);
        }
        String allowed = request == null ? null : allowed(request);
        if (allowed != null) {
            response.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, allowed)
                    .set(HttpHeaderNames.ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
        }
    }

    /** Says what the page may send. The headers it wants are all allowed: none of them means more here than to a script. */
    void addPreflightTo(HttpHeaders response, HttpRequest request) {
        addTo(response, request);
        response.remove(HttpHeaderNames.ACCESS_CONTROL_EXPOSE_HEADERS)
                .set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_METHODS, METHODS)
                .set(HttpHeaderNames.ACCESS_CONTROL_MAX_AGE, maxAge)
                .add(HttpHeaderNames.VARY, HttpHeaderNames.ACCESS_CONTROL_REQUEST_HEADERS);
        String wanted = request.headers().get(HttpHeaderNames.ACCESS_CONTROL_REQUEST_HEADERS);
        if (wanted != null) {
            response.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_HEADERS, wanted);
        }
    }

    private @Nullable String allowed(HttpRequest request) {
        String origin = request.headers().get(HttpHeaderNames.ORIGIN);
        if (origin == null) {
            return null;
        }
        if (any) {
            return ANY;
        }
        return origins.contains(origin) ? origin : null;
    }

    private static void check(String origin) {
        if (!origin.equals(ANY) && !isOrigin(origin)) {
            throw new IllegalArgumentException("'" + origin
                    + "' is not an origin: it must be * or of the form https://app.example.com, in small letters and"
                    + " without a path.");
        }
    }

    private static boolean isOrigin(String text) {
        try {
            URI uri = new URI(text);
            return uri.getScheme() != null
                    && uri.getHost() != null
                    && uri.getUserInfo() == null
                    && uri.getRawPath().isEmpty()
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null
                    && text.equals(text.toLowerCase(Locale.ROOT));
        } catch (URISyntaxException e) {
            return false;
        }
    }
}

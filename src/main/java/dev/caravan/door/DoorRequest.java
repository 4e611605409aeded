package dev.caravan.door;

import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One request, read to its end. Safe for use by many threads, as long as none changes the body. */
public final class DoorRequest {

    private static final int MOST_PARAMETERS = 1024;

    private final HttpRequest head;
    private final String path;
    private final String query;
    private final byte[] body;
    private final String requestId;
    private final String remoteAddress;
    private @Nullable Map<String, List<String>> queryParameters;

    /** @throws IllegalArgumentException if the request target is not one; the message is a sentence about it */
    DoorRequest(HttpRequest head, byte[] body, String requestId, String remoteAddress) {
        String target = head.uri();
        checkForm(head, target);
        checkEscapes(target);
        int question = target.indexOf('?');
        String rawPath = withoutAuthority(question < 0 ? target : target.substring(0, question));
        this.head = head;
        this.path = rawPath.indexOf('%') < 0 ? rawPath : new QueryStringDecoder(rawPath).path();
        this.query = question < 0 ? "" : target.substring(question + 1);
        this.body = body;
        this.requestId = requestId;
        this.remoteAddress = remoteAddress;
    }

    /** The method as it came, such as {@code POST}; a HEAD is not turned into a GET. */
    public String method() {
        return head.method().name();
    }

    /** The path, percent escapes decoded, without the query; {@code *} for {@code OPTIONS *}. */
    public String path() {
        return path;
    }

    /** The decoded query parameters, each with its values in their order; unmodifiable. */
    public Map<String, List<String>> queryParameters() {
        Map<String, List<String>> parsed = queryParameters;
        if (parsed == null) {
            parsed = query.isEmpty() ? Map.of() : parse(query);
            queryParameters = parsed;
        }
        return parsed;
    }

    /** The first value of a header, whatever the case of its name; null if there is none. */
    public @Nullable String header(String name) {
        return head.headers().get(name);
    }

    /** Every header as it came, in its order; unmodifiable. */
    public List<Map.Entry<String, String>> headers() {
        List<Map.Entry<String, String>> all = new ArrayList<>(head.headers().size());
        head.headers().forEach(header -> all.add(Map.entry(header.getKey(), header.getValue())));
        return Collections.unmodifiableList(all);
    }

    /** The body's bytes, not copied; empty if there is none. */
    public byte[] body() {
        return body;
    }

    /** What every response to this request carries as {@code x-request-id}: the client's own id if that was sane. */
    public String requestId() {
        return requestId;
    }

    /** The IP address that the connection comes from, without a port. */
    public String remoteAddress() {
        return remoteAddress;
    }

    boolean isHead() {
        return head.method().equals(HttpMethod.HEAD);
    }

    HttpRequest head() {
        return head;
    }

    /** Method, path and id: neither headers nor query, which may hold a key, nor the body. */
    @Override
    public String toString() {
        return method() + " " + path + " (" + requestId + ")";
    }

    private static Map<String, List<String>> parse(String query) {
        // A semicolon is an ordinary character, as in the URL standard: it separates nothing.
        return Collections.unmodifiableMap(
                new QueryStringDecoder(query, StandardCharsets.UTF_8, false, MOST_PARAMETERS, true).parameters());
    }

    /** A request target may be a whole URL (RFC 9112, 3.2.2), which then names this server. */
    private static String withoutAuthority(String target) {
        if (target.startsWith("/")) {
            return target;
        }
        int scheme = target.indexOf("://");
        if (scheme < 0) {
            return target;
        }
        int slash = target.indexOf('/', scheme + 3);
        return slash < 0 ? "/" : target.substring(slash);
    }

    private static void checkForm(HttpRequest head, String target) {
        boolean rooted = target.startsWith("/");
        boolean whole =
                target.regionMatches(true, 0, "http://", 0, 7) || target.regionMatches(true, 0, "https://", 0, 8);
        boolean server = target.equals("*") && head.method().equals(HttpMethod.OPTIONS);
        if (!rooted && !whole && !server && !head.method().equals(HttpMethod.CONNECT)) {
            throw new IllegalArgumentException("The request target must be a path that begins with a slash, or a URL.");
        }
    }

    private static void checkEscapes(String target) {
        int question = target.indexOf('?');
        int end = question < 0 ? target.length() : question;
        for (int i = target.indexOf('%'); i >= 0; i = target.indexOf('%', i + 1)) {
            if (i + 2 >= target.length()
                    || Character.digit(target.charAt(i + 1), 16) < 0
                    || Character.digit(target.charAt(i + 2), 16) < 0) {
                throw new IllegalArgumentException("A percent sign in the URL is not followed by two hex digits.");
            }
            int decoded = 16 * Character.digit(target.charAt(i + 1), 16) + Character.digit(target.charAt(i + 2), 16);
            if (i < end && (decoded < ' ' || decoded == 0x7f)) {
                throw new IllegalArgumentException("The URL's path holds the percent escape of a control character.");
            }
        }
    }
}

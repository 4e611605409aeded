package dev.caravan.provider.openai;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.net.URLDecoder;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/**
 * What a {@code data:} url holds (RFC 2397).
 *
 * @param mediaType such as {@code image/png}, in lower case and without parameters
 * @param base64 the bytes, in base64 as they came
 */
public record DataUrl(String mediaType, String base64) {

    private static final String SCHEME = "data:";

    /** What {@code url} holds, if it is such a url. */
    public static Optional<DataUrl> of(String url) {
        var comma = url.indexOf(',');
        if (!url.regionMatches(true, 0, SCHEME, 0, SCHEME.length()) || comma < 0) {
            return Optional.empty();
        }
        var head =
                url.substring(SCHEME.length(), comma).toLowerCase(Locale.ROOT).split(";", -1);
        var type = head[0].isBlank() ? "text/plain" : head[0].strip();
        var data = url.substring(comma + 1);
        return head[head.length - 1].strip().equals("base64")
                ? Optional.of(new DataUrl(type, data))
                : unescaped(data)
                        .map(bytes -> new DataUrl(type, Base64.getEncoder().encodeToString(bytes)));
    }

    private static Optional<byte[]> unescaped(String data) {
        try {
            return Optional.of(
                    URLDecoder.decode(data.replace("+", "%2B"), ISO_8859_1).getBytes(ISO_8859_1));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}

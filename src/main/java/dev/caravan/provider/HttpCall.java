package dev.caravan.provider;

import java.util.Map;

/**
 * One HTTP request to a provider, ready to be sent. It may hold the provider's key, so it is never logged.
 *
 * @param path what follows the provider's base url
 * @param headers beside those that every call has
 * @param body JSON
 */
public record HttpCall(String path, Map<String, String> headers, byte[] body) {

    /** Stands where there is no call to send. */
    static final HttpCall NONE = new HttpCall("", Map.of(), new byte[0]);

    /** The path only: headers hold the key, the body holds what a person wrote. */
    @Override
    public String toString() {
        return "HttpCall[" + path + "]";
    }
}

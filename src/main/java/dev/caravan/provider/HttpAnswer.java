package dev.caravan.provider;

import java.util.Map;

/**
 * What a provider sent back, read to its end.
 *
 * @param status the HTTP status
 * @param headers by lower-case name
 * @param body as it came
 */
public record HttpAnswer(int status, Map<String, String> headers, byte[] body) {}

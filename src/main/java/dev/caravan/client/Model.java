package dev.caravan.client;

import org.jspecify.annotations.Nullable;

/**
 * A model that can be asked.
 *
 * @param id the name it is asked for by
 * @param created since when it is there, in seconds since 1970
 * @param ownedBy whose it is
 * @param provider who serves it, at a broker; null where that is not told
 */
public record Model(
        String id, long created, String ownedBy, @Nullable String provider) {}

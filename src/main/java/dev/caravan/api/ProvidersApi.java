package dev.caravan.api;

import dev.caravan.catalog.LiveCatalog;

/** {@code /admin/providers}. Thread-safe. */
public final class ProvidersApi {

    private final LiveCatalog live;

    public ProvidersApi(LiveCatalog live) {
        this.live = live;
    }

    public Answer list() {
        throw new UnsupportedOperationException(live.toString());
    }

    /** @param idOrName the provider's number or name */
    public Answer get(String idOrName) {
        throw new UnsupportedOperationException();
    }

    /** @param body the request's JSON */
    public Answer create(byte[] body) {
        throw new UnsupportedOperationException();
    }

    public Answer change(String idOrName, byte[] body) {
        throw new UnsupportedOperationException();
    }

    public Answer delete(String idOrName) {
        throw new UnsupportedOperationException();
    }
}

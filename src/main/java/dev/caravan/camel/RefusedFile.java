package dev.caravan.camel;

import dev.caravan.reload.ConfigError;

/** A file of routes that cannot be used. */
final class RefusedFile extends Exception {

    private static final long serialVersionUID = 1;

    final transient ConfigError error;

    RefusedFile(ConfigError error) {
        super(error.toString(), null, false, false);
        this.error = error;
    }
}

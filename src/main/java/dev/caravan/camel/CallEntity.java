package dev.caravan.camel;

import dev.caravan.chat.Cancellation;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.jspecify.annotations.Nullable;

/**
 * The body of a call, which also carries to where the connection is whether the call is still wanted and how long it may
 * take; and where it goes, if that is not where chats go.
 */
final class CallEntity extends ByteArrayEntity {

    private final @Nullable String path;
    private final Cancellation cancellation;
    private final CallWatch watch;

    /** @param path from the root of the provider's host; null for the path of the endpoint that sends it */
    CallEntity(byte[] json, @Nullable String path, Cancellation cancellation, CallWatch watch) {
        super(json, ContentType.APPLICATION_JSON);
        this.path = path;
        this.cancellation = cancellation;
        this.watch = watch;
    }

    @Nullable
    String path() {
        return path;
    }

    Cancellation cancellation() {
        return cancellation;
    }

    CallWatch watch() {
        return watch;
    }
}

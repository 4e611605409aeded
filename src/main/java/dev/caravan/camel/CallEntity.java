package dev.caravan.camel;

import dev.caravan.chat.Cancellation;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;

/** The body of a call, which also carries to where the connection is whether the call is still wanted and how long it may take. */
final class CallEntity extends ByteArrayEntity {

    private final Cancellation cancellation;
    private final CallWatch watch;

    CallEntity(byte[] json, Cancellation cancellation, CallWatch watch) {
        super(json, ContentType.APPLICATION_JSON);
        this.cancellation = cancellation;
        this.watch = watch;
    }

    Cancellation cancellation() {
        return cancellation;
    }

    CallWatch watch() {
        return watch;
    }
}

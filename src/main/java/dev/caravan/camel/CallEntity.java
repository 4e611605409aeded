package dev.caravan.camel;

import dev.caravan.chat.Cancellation;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;

/** The body of a call, which also carries whether the call is still wanted to where the connection is. */
final class CallEntity extends ByteArrayEntity {

    private final Cancellation cancellation;

    CallEntity(byte[] json, Cancellation cancellation) {
        super(json, ContentType.APPLICATION_JSON);
        this.cancellation = cancellation;
    }

    Cancellation cancellation() {
        return cancellation;
    }
}

package dev.caravan.camel;

import dev.caravan.chat.Cancellation;
import java.time.Duration;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;

/** The body of a call, which also carries to where the connection is whether the call is still wanted and how long it may take. */
final class CallEntity extends ByteArrayEntity {

    private final Cancellation cancellation;
    private final Duration silence;

    /** @param silence how long the provider may say nothing */
    CallEntity(byte[] json, Cancellation cancellation, Duration silence) {
        super(json, ContentType.APPLICATION_JSON);
        this.cancellation = cancellation;
        this.silence = silence;
    }

    Cancellation cancellation() {
        return cancellation;
    }

    Duration silence() {
        return silence;
    }
}

package dev.caravan.door;

import java.time.Duration;

/** stub */
public final class Door implements AutoCloseable {
    private Door() {}

    public static Door open(DoorOptions options, DoorHandler handler, RefusalBody refusals) {
        throw new UnsupportedOperationException();
    }

    public int port() {
        throw new UnsupportedOperationException();
    }

    public String host() {
        throw new UnsupportedOperationException();
    }

    public void drain(Duration atMost) {
        throw new UnsupportedOperationException();
    }

    public int inFlight() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}

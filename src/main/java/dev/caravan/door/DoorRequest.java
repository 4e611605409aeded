package dev.caravan.door;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** stub */
public final class DoorRequest {
    DoorRequest() {}

    public String method() {
        throw new UnsupportedOperationException();
    }

    public String path() {
        throw new UnsupportedOperationException();
    }

    public Map<String, List<String>> queryParameters() {
        throw new UnsupportedOperationException();
    }

    public @Nullable String header(String name) {
        throw new UnsupportedOperationException();
    }

    public List<Map.Entry<String, String>> headers() {
        throw new UnsupportedOperationException();
    }

    public byte[] body() {
        throw new UnsupportedOperationException();
    }

    public String requestId() {
        throw new UnsupportedOperationException();
    }

    public String remoteAddress() {
        throw new UnsupportedOperationException();
    }
}

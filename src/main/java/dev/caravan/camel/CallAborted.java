package dev.caravan.camel;

/** A call that the broker itself let go of. The breaker ignores it: it says nothing about the provider. */
public final class CallAborted extends RuntimeException {

    private static final long serialVersionUID = 1;

    CallAborted() {
        super("the call was let go", null, false, false);
    }
}

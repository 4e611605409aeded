package dev.caravan.camel;

import org.apache.camel.Exchange;
import org.apache.camel.spi.HeaderFilterStrategy;

/**
 * Which headers go to a provider and come back from it: there all that the call has, Camel's own excepted, and back the few
 * that say what a failure means. Vendors send dozens with every answer. Thread-safe.
 */
public final class ProviderHeaders implements HeaderFilterStrategy {

    /** Whether the header does not go to the provider. */
    @Override
    public boolean applyFilterToCamelHeaders(String name, Object value, Exchange exchange) {
        return name.startsWith("Camel");
    }

    /** Whether the header of the provider's answer is passed over. */
    @Override
    public boolean applyFilterToExternalHeaders(String name, Object value, Exchange exchange) {
        return !name.equalsIgnoreCase(Exchange.CONTENT_TYPE)
                && !name.equalsIgnoreCase("retry-after")
                && !name.equalsIgnoreCase("retry-after-ms");
    }
}

/** The dialects that providers speak: how to ask, and how to read what comes back. Knows neither Camel nor Spring. */
@NullMarked
package dev.caravan.provider;

import org.jspecify.annotations.NullMarked;

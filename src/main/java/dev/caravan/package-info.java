/** An LLM broker: requests from HTTP or Kafka, through Camel routes, to the providers that answer them. */
@NullMarked
package dev.caravan;

import org.jspecify.annotations.NullMarked;

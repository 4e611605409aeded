/** Kafka in this process, for a broker that is given no other. Loaded only then. */
@NullMarked
package dev.caravan.embedded;

import org.jspecify.annotations.NullMarked;

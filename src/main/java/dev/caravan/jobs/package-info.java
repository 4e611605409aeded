/** Requests that arrive as Kafka records: what a record means, what answers it, and which offsets are finished. */
@NullMarked
package dev.caravan.jobs;

import org.jspecify.annotations.NullMarked;

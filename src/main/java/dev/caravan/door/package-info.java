/**
 * The HTTP/1.1 server that everything enters by: sockets, framing, refusals, backpressure, cancellation and draining. It
 * knows nothing of routes and of what is asked.
 */
@NullMarked
package dev.caravan.door;

import org.jspecify.annotations.NullMarked;

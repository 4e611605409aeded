/** Which model is worth asking: what a question looks like, what that tells, and the choice among a name's models. */
@NullMarked
package dev.caravan.route;

import org.jspecify.annotations.NullMarked;

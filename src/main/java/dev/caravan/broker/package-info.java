/** Puts the parts together, starts them and stops them in order. */
@NullMarked
package dev.caravan.broker;

import org.jspecify.annotations.NullMarked;

/** Files that may be changed while the broker runs: when they have changed, what is in force, and what is wrong. */
@NullMarked
package dev.caravan.reload;

import org.jspecify.annotations.NullMarked;

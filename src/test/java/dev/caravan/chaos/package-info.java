/** Plugs are pulled while jobs run, and everything is counted afterwards. */
@NullMarked
package dev.caravan.chaos;

import org.jspecify.annotations.NullMarked;

/** Which models the servers have that can be asked for them. */
@NullMarked
package dev.caravan.discovery;

import org.jspecify.annotations.NullMarked;

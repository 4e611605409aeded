/** What several tests stand on. */
@NullMarked
package dev.caravan.testing;

import org.jspecify.annotations.NullMarked;

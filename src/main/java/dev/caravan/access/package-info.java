/** Who may call: the keys of clients and administrators, the master key, and where it is safe to listen. */
@NullMarked
package dev.caravan.access;

import org.jspecify.annotations.NullMarked;

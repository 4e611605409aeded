/** The command {@code caravan}. Only {@code serve} loads Spring. */
@NullMarked
package dev.caravan.cli;

import org.jspecify.annotations.NullMarked;

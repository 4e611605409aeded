/** The program through its HTTP door, with providers that are played by the tests. */
@NullMarked
package dev.caravan.http;

import org.jspecify.annotations.NullMarked;

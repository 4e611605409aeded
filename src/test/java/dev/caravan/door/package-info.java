@NullMarked
package dev.caravan.door;

import org.jspecify.annotations.NullMarked;

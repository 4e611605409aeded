@NullMarked
package dev.caravan.route;

import org.jspecify.annotations.NullMarked;

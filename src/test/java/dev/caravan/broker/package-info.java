@NullMarked
package dev.caravan.broker;

import org.jspecify.annotations.NullMarked;

/** What each request used and cost: the event that tells it, its way out, and the questions asked about it. */
@NullMarked
package dev.caravan.usage;

import org.jspecify.annotations.NullMarked;

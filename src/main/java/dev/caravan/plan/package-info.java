/** Who is asked, in what order, how often, and what came of it. */
@NullMarked
package dev.caravan.plan;

import org.jspecify.annotations.NullMarked;

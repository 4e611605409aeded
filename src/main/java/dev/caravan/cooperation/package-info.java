/** Models that answer together: ballots, votes, judges, rounds, and what a council comes to. */
@NullMarked
package dev.caravan.cooperation;

import org.jspecify.annotations.NullMarked;

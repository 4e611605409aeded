package dev.caravan.cooperation;

import java.math.BigDecimal;

/**
 * One member's ballot.
 *
 * @param seat the member's place, from 0
 * @param weight the member's
 */
record Vote(int seat, BigDecimal weight, Ballot ballot) {}

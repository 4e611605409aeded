/** Services: what a model is asked, and in which form it answers, is said by files that a user may edit and add to. */
@NullMarked
package dev.caravan.service;

import org.jspecify.annotations.NullMarked;

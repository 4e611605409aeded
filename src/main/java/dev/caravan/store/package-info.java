/** What is kept in SQL: one dialect, run on H2 and on PostgreSQL. */
@NullMarked
package dev.caravan.store;

import org.jspecify.annotations.NullMarked;

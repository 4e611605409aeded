/** The tables of the SQL store: one class for each, in SQL that H2 and PostgreSQL both understand. */
@NullMarked
package dev.caravan.store;

import org.jspecify.annotations.NullMarked;

/** Where Camel's types and ours meet: the only package that imports Camel. */
@NullMarked
package dev.caravan.camel;

import org.jspecify.annotations.NullMarked;

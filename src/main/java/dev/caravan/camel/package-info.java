/** Where the routes meet the rest: the only package that knows Camel. Adapters, no logic of their own. */
@NullMarked
package dev.caravan.camel;

import org.jspecify.annotations.NullMarked;

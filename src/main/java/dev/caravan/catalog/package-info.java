/** Which providers and models there are, at what price: from files and from SQL, changed at run time. */
@NullMarked
package dev.caravan.catalog;

import org.jspecify.annotations.NullMarked;

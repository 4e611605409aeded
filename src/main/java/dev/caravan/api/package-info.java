/** What the HTTP endpoints say, apart from the chat itself: bodies, errors, and the admin API's answers. */
@NullMarked
package dev.caravan.api;

import org.jspecify.annotations.NullMarked;

/** What is asked and what is answered, in no vendor's dialect and no framework's terms. */
@NullMarked
package dev.caravan.chat;

import org.jspecify.annotations.NullMarked;

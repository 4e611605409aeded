/** The Java client, in the shape of OpenAI's own. Needs the JDK and Jackson, neither Spring nor Camel. */
@NullMarked
package dev.caravan.client;

import org.jspecify.annotations.NullMarked;

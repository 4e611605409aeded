/** Google's dialect, the Gemini API. */
@NullMarked
package dev.caravan.provider.gemini;

import org.jspecify.annotations.NullMarked;

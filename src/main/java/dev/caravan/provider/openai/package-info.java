/** OpenAI's dialect, which Caravan's own callers speak too: read and written here, to the byte where nobody acts. */
@NullMarked
package dev.caravan.provider.openai;

import org.jspecify.annotations.NullMarked;

/** Ollama's own dialect, {@code /api/chat}. */
@NullMarked
package dev.caravan.provider.ollama;

import org.jspecify.annotations.NullMarked;

/**
 * An OpenAI-compatible provider that costs nothing: it echoes, or makes up the same words for the same prompt, as fast
 * or as badly as it is told to. It listens on a port of its own and is asked like any other provider.
 */
@NullMarked
package dev.caravan.simulator;

import org.jspecify.annotations.NullMarked;

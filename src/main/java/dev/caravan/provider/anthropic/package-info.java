/** Anthropic's dialect, the Messages API. */
@NullMarked
package dev.caravan.provider.anthropic;

import org.jspecify.annotations.NullMarked;

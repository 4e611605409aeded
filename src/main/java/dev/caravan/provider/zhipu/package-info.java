/** Zhipu's dialect: OpenAI's, but for the token that is made from the key and a few words of its own. */
@NullMarked
package dev.caravan.provider.zhipu;

import org.jspecify.annotations.NullMarked;

/** DashScope's own dialect, in which Alibaba's Model Studio serves Qwen and other models. */
@NullMarked
package dev.caravan.provider.dashscope;

import org.jspecify.annotations.NullMarked;

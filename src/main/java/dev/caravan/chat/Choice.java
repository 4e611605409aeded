package dev.caravan.chat;

import org.jspecify.annotations.Nullable;

/**
 * One of the answers to a request that asked for {@code n}, or the next piece of one.
 *
 * @param index which of the answers
 * @param message the answer, or the piece
 * @param finishReason why the model stopped, in OpenAI's words; null while it has not
 */
public record Choice(int index, Message message, @Nullable String finishReason) {}

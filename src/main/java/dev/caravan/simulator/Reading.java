package dev.caravan.simulator;

/** What came of reading a request: the request, or why it is refused. */
sealed interface Reading permits CompletionRequest, EmbeddingRequest, Refusal {}

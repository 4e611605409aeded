package dev.caravan.plan;

/** Whoever asks a model on behalf of a client's request, such as a member of a council: what of its own {@link Ask} is for. */
public interface Asker {}

package dev.caravan.plan;

/** What a client's request is for that is more than one question to a model, such as a service. */
public interface Purpose {

    /** What the caller is told once the request is answered: the body, as JSON. */
    byte[] body();
}

package dev.caravan.api;

import dev.caravan.plan.Ask;
import dev.caravan.provider.openai.ChatRequestReader;

/** An endpoint whose body and answer have a form of their own; between them there is a chat request. Thread-safe. */
public interface OwnForm {

    /** The endpoint, such as {@code /v1/inference}. */
    String path();

    /** The chat request that a body stands for. */
    ChatRequestReader.Reading question(byte[] body);

    /** What came of it: an error as everywhere, or the endpoint's own JSON. */
    ChatReply reply(Ask ask);
}

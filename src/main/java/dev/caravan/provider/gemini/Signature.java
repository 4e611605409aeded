package dev.caravan.provider.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The signature under what a model thought, without which newer models do not take their own tool calls back. In
 * OpenAI's form it stands where Google's own OpenAI endpoint puts it.
 *
 * @see <a href="https://ai.google.dev/gemini-api/docs/thought-signatures">thought signatures</a>
 */
final class Signature {

    /** What the API takes in place of a signature that is lost, or was never made as another model spoke. */
    static final String NONE = "skip_thought_signature_validator";

    private static final String PLACE = "/extra_content/google/thought_signature";

    private Signature() {}

    /** Keeps the signature of a {@code part}, if it has one, at a tool call, a message or a delta. */
    static void keep(JsonNode part, ObjectNode at) {
        if (part.path("thoughtSignature").isTextual()) {
            at.putObject("extra_content").putObject("google").set("thought_signature", part.path("thoughtSignature"));
        }
    }

    /** Gives the signature that was kept {@code at} a tool call or a message back to its part; false where there is none. */
    static boolean giveBack(JsonNode at, ObjectNode part) {
        var kept = at.at(PLACE);
        if (kept.isTextual()) {
            part.set("thoughtSignature", kept);
        }
        return kept.isTextual();
    }
}

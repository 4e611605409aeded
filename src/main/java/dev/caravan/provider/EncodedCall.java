package dev.caravan.provider;

import java.util.List;

/**
 * A request in a dialect's words.
 *
 * @param call the HTTP request
 * @param unsupported what the caller asked for that the dialect cannot say, and that {@code call} therefore leaves out;
 *     empty where it says all. Whether it may be left out is decided by whoever sends the call
 */
public record EncodedCall(HttpCall call, List<Unsupported> unsupported) {

    /**
     * Something that a dialect cannot say.
     *
     * @param field where it stands in the request, such as {@code logit_bias} or {@code messages[2].content[1]}
     * @param why a sentence for the caller, such as "Anthropic's API has no seed."
     * @param essential whether the answer would be to another question without it (an image, a tool, a form of the answer),
     *     and not only drawn in another way (a seed, a penalty)
     */
    public record Unsupported(String field, String why, boolean essential) {}

    public EncodedCall {
        unsupported = List.copyOf(unsupported);
    }

    /** Nothing that could be sent: without {@code field} there is no question left. */
    public static EncodedCall impossible(String field, String why) {
        return new EncodedCall(HttpCall.NONE, List.of(new Unsupported(field, why, true)));
    }

    /** Whether there is a call at all. */
    public boolean isPossible() {
        return call != HttpCall.NONE;
    }

    /** A call that says all that was asked for. */
    public EncodedCall(HttpCall call) {
        this(call, List.of());
    }
}

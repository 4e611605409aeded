package dev.caravan.simulator;

/**
 * A model that does not exist.
 *
 * @param name the name it is asked for by
 * @param voice what it answers
 * @param pace how it answers, unless the request says otherwise
 */
public record SimulatedModel(String name, Voice voice, Pace pace) {

    /** What a simulated model answers. */
    public enum Voice {
        /** The last user message. */
        ECHO,
        /** Words that mean nothing, the same for the same prompt. */
        FILLER,
        /** The result of a sum, right as often as the model's name says. */
        ORACLE,
        /** Vectors, alike for texts that are alike; it says nothing. */
        VECTORS
    }

    boolean speaks() {
        return voice != Voice.VECTORS;
    }

    /** The text of choice {@code index} of the answer to a question. */
    String answer(CompletionRequest.Question question, int index) {
        return switch (voice) {
            case ECHO -> question.lastUserText();
            case FILLER -> Filler.text(name + '\n' + question.prompt(), index);
            case ORACLE -> Oracle.answer(name, question.prompt());
            case VECTORS -> throw new IllegalStateException(name + " says nothing");
        };
    }
}

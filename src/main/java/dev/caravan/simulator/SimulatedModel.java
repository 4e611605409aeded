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
        ORACLE
    }

    /** The text of choice {@code index}. */
    String answer(CompletionRequest request, int index) {
        var told = request.answer();
        if (told != null) {
            return told;
        }
        return switch (voice) {
            case ECHO -> request.lastUserText();
            case FILLER -> Filler.text(name + '\n' + request.prompt(), index);
            case ORACLE -> Oracle.answer(name, request.prompt());
        };
    }
}

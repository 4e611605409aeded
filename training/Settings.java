package training;

import java.util.List;

/**
 * What is decided before fitting, by cross-validation on the training part.
 *
 * @param penalty on the weights of multiple choices
 * @param alonePenalty on what counts for the strong model alone
 * @param chance the share that is right by guessing: of four options, a quarter
 * @param lengthWeight what the length counts for beside the gain, in deviations
 * @param perSubject a subject with more questions than this counts as if it had so many
 * @param openPenalty on the weights of other questions
 * @param openFeatures what of those is looked at
 */
record Settings(
        double penalty,
        double alonePenalty,
        double chance,
        double lengthWeight,
        int perSubject,
        double openPenalty,
        List<String> openFeatures) {

    /**
     * What tells a calculation. There the strong model often begins to calculate where only a letter counts, so that it is
     * taken to be wrong.
     */
    static final List<String> CALCULATION = List.of(
            "options_with_numbers", "options_of_numbers", "all_options_are_numbers", "option_symbols", "numbers",
            "number_share", "operators");

    static final Settings CHOSEN = new Settings(
            100,
            300,
            0.25,
            0.5,
            200,
            1000,
            List.of("words", "commas", "words_per_sentence", "decimals", "big_numbers", "number_share", "distinct_words"));
}

package training;

import java.util.List;

/**
 * What is decided before fitting, by cross-validation on the training part.
 *
 * @param penalty on the weights of multiple choices
 * @param chance the share that is right by guessing: of four options, a quarter
 * @param lengthWeight what the length counts for beside the gain, in deviations
 * @param perSubject a subject with more questions than this counts as if it had so many
 * @param openPenalty on the weights of other questions
 * @param openFeatures what of those is looked at
 */
record Settings(
        double penalty,
        double chance,
        double lengthWeight,
        int perSubject,
        double openPenalty,
        List<String> openFeatures) {

    static final Settings CHOSEN = new Settings(
            100,
            0.25,
            0.25,
            200,
            1000,
            List.of("words", "commas", "words_per_sentence", "decimals", "big_numbers", "number_share", "distinct_words"));
}

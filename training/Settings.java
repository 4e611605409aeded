package training;

import dev.caravan.route.Features;
import java.util.ArrayList;
import java.util.List;

/** What is decided before fitting. {@link Selection} takes one of each menu, by cross-validation over the questions trained on. */
record Settings(OfChoices choices, OfOthers others) {

    /**
     * For multiple choices.
     *
     * @param penalty on the weights
     * @param alonePenalty on what counts for the strong model alone
     * @param lengthWeight what the length counts for beside the gain, in deviations
     */
    record OfChoices(double penalty, double alonePenalty, double lengthWeight) {

        private static final double NOTHING_ALONE = 1e6;

        static final List<OfChoices> MENU = menu();

        private static List<OfChoices> menu() {
            var menu = new ArrayList<OfChoices>();
            for (var penalty : new double[] {30, 100, 300}) {
                for (var alone : new double[] {300, NOTHING_ALONE}) {
                    for (var length : new double[] {0, 0.5, 1}) {
                        menu.add(new OfChoices(penalty, alone, length));
                    }
                }
            }
            return List.copyOf(menu);
        }
    }

    /**
     * For other questions.
     *
     * @param penalty on the weights
     * @param features what is looked at
     */
    record OfOthers(double penalty, List<String> features) {

        private static final List<String> CLAUSES = List.of("words", "commas", "words_per_sentence");
        private static final List<String> CLAUSES_AND_NUMBERS = List.of(
                "words", "commas", "words_per_sentence", "decimals", "big_numbers", "number_share", "distinct_words");

        static final List<OfOthers> MENU = menu();

        private static List<OfOthers> menu() {
            var menu = new ArrayList<OfOthers>();
            for (var features : List.of(CLAUSES, CLAUSES_AND_NUMBERS, Features.NAMES)) {
                for (var penalty : new double[] {100, 1000, 3000}) {
                    menu.add(new OfOthers(penalty, features));
                }
            }
            return List.copyOf(menu);
        }

        @Override
        public String toString() {
            return "OfOthers[penalty=" + penalty + ", " + features.size() + " features]";
        }
    }
}

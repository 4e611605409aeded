package dev.caravan.route;

import dev.caravan.route.MultipleChoice.Span;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a question looks like, as numbers: lengths, what its words and numbers are like, how often certain words stand in
 * it, and of a multiple choice what its options are like. Counts are taken as logarithms. It knows nothing of meaning, which
 * is why it holds for subjects that nobody has trained. Immutable.
 */
public final class Features {

    /** Longer texts are looked at where they begin and where they end: half of this each. */
    static final int LONGEST_TEXT = 8_000;

    private static final List<String> OF_THE_QUESTION = List.of(
            "characters",
            "words",
            "word_length",
            "sentences",
            "words_per_sentence",
            "numbers",
            "distinct_numbers",
            "number_share",
            "decimals",
            "big_numbers",
            "digits",
            "fractions",
            "years",
            "percents",
            "currencies",
            "operators",
            "question_marks",
            "ends_with_question_mark",
            "commas",
            "lines",
            "capitalised",
            "single_letters",
            "long_words",
            "very_long_words",
            "short_words",
            "distinct_words",
            "quotes",
            "parentheses",
            "blanks",
            "symbols",
            "foreign_letters",
            "code_marks");

    private static final List<String> OF_THE_OPTIONS = List.of(
            "option_length",
            "longest_option",
            "shortest_option",
            "option_spread",
            "option_deviation",
            "options_with_numbers",
            "options_of_numbers",
            "all_options_are_numbers",
            "option_words",
            "one_word_options",
            "option_likeness",
            "most_alike_options",
            "options_as_question",
            "none_of_these",
            "all_of_these",
            "combined_options",
            "option_word_length",
            "option_capitals",
            "option_symbols",
            "negative_options");

    /** Each line is one feature: how often one of its words, or pairs of words, stands in the question. */
    private static final List<String> KEYWORDS = List.of(
            "each,every,per",
            "twice,double,half,third,quarter,triple",
            "times",
            "more than,less than,fewer than",
            "left,remaining,rest",
            "total,altogether,combined,sum",
            "average,mean",
            "if",
            "then",
            "because",
            "however",
            "percent,percentage",
            "ratio,proportion,rate",
            "same",
            "another,other",
            "after,before,until,during",
            "first,second,last",
            "only",
            "at least,at most",
            "equal,equals",
            "how many",
            "how much",
            "how long,how far,how old",
            "will",
            "would",
            "should",
            "may,might,could",
            "cost,costs,price,prices,priced,pay,pays,paid",
            "sell,sells,sold,buy,buys,bought",
            "earn,earns,spend,spends,save,saves",
            "hour,hours,minute,minutes,day,days,week,weeks,month,months",
            "speed,distance,miles",
            "following",
            "of the",
            "except",
            "not",
            "no",
            "best",
            "most",
            "least",
            "true",
            "false",
            "statement,statements",
            "argument,arguments",
            "always,never",
            "according to",
            "refers to,refer to",
            "known as,called",
            "what is",
            "why",
            "how",
            "who",
            "when",
            "where",
            "likely",
            "correct,incorrect",
            "described,describes,example",
            "calculate,compute,determine",
            "find",
            "value",
            "probability",
            "function",
            "number",
            "patient",
            "old",
            "company,tax,income,account",
            "passage,refers",
            "theory",
            "law,court,state",
            "suppose,assume,let,given",
            "and",
            "or",
            "but",
            "all",
            "some",
            "any",
            "is",
            "was",
            "were",
            "has",
            "had",
            "he,she,his,her",
            "they,their",
            "you,your",
            "i,my",
            "this",
            "that",
            "which",
            "with",
            "in",
            "for",
            "by",
            "to",
            "a,an");

    private static final List<String> UNITS = List.of(
            "kg", "km", "cm", "mm", "m", "g", "mg", "ml", "s", "liter", "liters", "mile", "feet", "foot", "inch",
            "inches", "seconds", "year", "years", "pounds", "ounces", "dollars", "cents", "mph", "degrees", "gallons",
            "acres", "mol");

    private static final List<String> NEGATIONS = List.of("not", "no", "never", "without", "cannot", "neither");

    /** The features' names, in the order in which their values stand. */
    public static final List<String> NAMES = names();

    private static final Wordlist WORDS = wordlist();
    private static final Wordlist NEGATIVE = Wordlist.of(NEGATIONS);

    private final double[] values;
    private final boolean choice;

    private Features(double[] values, boolean choice) {
        this.values = values;
        this.choice = choice;
    }

    /** Looks at a question. */
    public static Features of(String asked) {
        var text = shortened(asked);
        var choices = MultipleChoice.in(text);
        var values = new double[NAMES.size()];
        var keywords = new int[KEYWORDS.size() + 1];
        var question = choices.question();
        var shape = new Shape(text, question.from(), question.to(), WORDS, keywords);
        var next = question(values, shape, text, question);
        values[0] = log(shape.characters + asked.length() - text.length());
        for (var count : keywords) {
            values[next++] = log(count);
        }
        if (choices.areThere()) {
            options(values, next, text, choices, shape);
        }
        return new Features(values, choices.areThere());
    }

    /** Whether it is a multiple choice. */
    public boolean isChoice() {
        return choice;
    }

    /** The values, in the order of {@link #NAMES}. */
    public double[] values() {
        return values.clone();
    }

    /** The value at a place of {@link #NAMES}. */
    double value(int index) {
        return values[index];
    }

    /** Those that are not 0, by name. */
    Map<String, Double> present() {
        var present = new LinkedHashMap<String, Double>();
        for (var i = 0; i < values.length; i++) {
            if (values[i] != 0) {
                present.put(NAMES.get(i), Math.round(values[i] * 1000) / 1000.0);
            }
        }
        return present;
    }

    private static int question(double[] values, Shape shape, String text, Span span) {
        double words = Math.max(1, shape.words);
        double sentences = Math.max(1, shape.sentences);
        var ends = span.length() > 0 && text.charAt(span.to() - 1) == '?';
        var all = new double[] {
            log(shape.characters),
            log(shape.words),
            shape.letters / words,
            log(sentences),
            log(shape.words / sentences),
            log(shape.numbers),
            log(shape.distinctNumbers()),
            shape.numbers / (words + shape.numbers),
            log(shape.decimals),
            log(shape.bigNumbers),
            log(shape.digits),
            log(shape.fractions),
            log(shape.years),
            log(shape.percents),
            log(shape.currencies),
            log(shape.operators),
            log(shape.questionMarks),
            ends ? 1 : 0,
            log(shape.commas),
            log(shape.lines),
            shape.capitalised / words,
            shape.singleLetters / words,
            shape.longWords / words,
            shape.veryLongWords / words,
            shape.shortWords / words,
            shape.distinctWords() / words,
            log(shape.quotes),
            log(shape.parentheses),
            shape.blanks > 1 ? 1 : 0,
            shape.symbols / Math.max(1.0, shape.characters),
            log(shape.foreign),
            log(shape.codeMarks)
        };
        System.arraycopy(all, 0, values, 0, all.length);
        return all.length;
    }

    private static void options(double[] values, int from, String text, MultipleChoice choices, Shape question) {
        var options = choices.options();
        var shapes = new ArrayList<Shape>(options.size());
        var negative = 0;
        for (var option : options) {
            var counts = new int[1];
            shapes.add(new Shape(text, option.from(), option.to(), NEGATIVE, counts));
            negative += counts[0] > 0 ? 1 : 0;
        }
        double many = options.size();
        var lengths = shapes.stream().mapToInt(each -> each.characters).summaryStatistics();
        double words = Math.max(1, shapes.stream().mapToInt(each -> each.words).sum());
        var deviation = Math.sqrt(shapes.stream()
                .mapToDouble(each -> Math.pow(each.characters - lengths.getAverage(), 2))
                .average()
                .orElse(0));
        var numeric = shapes.stream().filter(each -> each.numbers > 0).count();
        var numbersOnly = shapes.stream().filter(Features::isNumber).count();
        var likeness = Likeness.of(shapes, question);
        var last =
                text.substring(options.getLast().from(), options.getLast().to()).toLowerCase(java.util.Locale.ROOT);
        var all = new double[] {
            log(lengths.getAverage()),
            log(lengths.getMax()),
            log(lengths.getMin()),
            Math.log((lengths.getMax() + 1.0) / (lengths.getMin() + 1.0)),
            deviation / (lengths.getAverage() + 1),
            numeric / many,
            numbersOnly / many,
            numbersOnly == options.size() ? 1 : 0,
            log(words / many),
            shapes.stream().filter(each -> each.words + each.numbers == 1).count() / many,
            likeness.mean(),
            likeness.most(),
            likeness.toQuestion(),
            last.contains("none of") || last.contains("neither") ? 1 : 0,
            last.contains("all of") ? 1 : 0,
            last.contains("both") || last.contains("i and ii") || last.contains(" only") ? 1 : 0,
            shapes.stream().mapToInt(each -> each.letters).sum() / words,
            shapes.stream().mapToInt(each -> each.capitalised).sum() / words,
            shapes.stream().mapToInt(each -> each.symbols).sum() / Math.max(1.0, lengths.getSum()),
            log(negative)
        };
        System.arraycopy(all, 0, values, from, all.length);
    }

    /** A number, perhaps with its unit or a sign. */
    private static boolean isNumber(Shape option) {
        return option.numbers > 0 && option.words <= 1 && option.letters <= 8;
    }

    private static String shortened(String text) {
        if (text.length() <= LONGEST_TEXT) {
            return text;
        }
        var half = LONGEST_TEXT / 2;
        return text.substring(0, half) + '\n' + text.substring(text.length() - half);
    }

    private static double log(double count) {
        return Math.log1p(count);
    }

    private static List<String> names() {
        var names = new ArrayList<>(OF_THE_QUESTION);
        KEYWORDS.forEach(each -> names.add("says_" + each.split(",")[0].replace(' ', '_')));
        names.add("units");
        names.addAll(OF_THE_OPTIONS);
        return Collections.unmodifiableList(names);
    }

    private static Wordlist wordlist() {
        var words = new HashMap<String, Integer>();
        for (var i = 0; i < KEYWORDS.size(); i++) {
            for (var word : KEYWORDS.get(i).split(",")) {
                words.putIfAbsent(word, i);
            }
        }
        UNITS.forEach(unit -> words.putIfAbsent(unit, KEYWORDS.size()));
        return new Wordlist(words);
    }
}

package dev.caravan.route;

import java.util.Arrays;

/**
 * What a piece of text is made of, counted in one pass over its characters. Used by one thread.
 */
final class Shape {

    private static final int LONG_WORD = 9;
    private static final int VERY_LONG_WORD = 12;
    private static final int SHORT_WORD = 3;
    private static final int BIG_NUMBER = 4;

    private final String text;
    private final Wordlist keywords;
    private final int[] keywordCounts;
    private long[] wordHashes = new long[64];
    private long[] numberHashes = new long[16];
    private long lastWord;

    int characters;
    int words;
    int letters;
    int capitalised;
    int singleLetters;
    int longWords;
    int veryLongWords;
    int shortWords;
    int numbers;
    int decimals;
    int bigNumbers;
    int digits;
    int fractions;
    int years;
    int percents;
    int currencies;
    int operators;
    int questionMarks;
    int commas;
    int lines;
    int sentences;
    int quotes;
    int parentheses;
    int blanks;
    int symbols;
    int foreign;
    int codeMarks;

    /**
     * Counts {@code text} from {@code from} to before {@code to}.
     *
     * @param keywords each with its place in {@code keywordCounts}, where how often it stands there is added
     */
    Shape(String text, int from, int to, Wordlist keywords, int[] keywordCounts) {
        this.text = text;
        this.keywords = keywords;
        this.keywordCounts = keywordCounts;
        count(from, to);
    }

    /** How many different words there are. */
    int distinctWords() {
        return distinct(wordHashes, words);
    }

    /** How many different numbers there are. */
    int distinctNumbers() {
        return distinct(numberHashes, numbers);
    }

    /** The hashes of its words, sorted, each as often as it stands there. */
    long[] sortedWords() {
        var sorted = Arrays.copyOf(wordHashes, words);
        Arrays.sort(sorted);
        return sorted;
    }

    private void count(int from, int to) {
        characters = to - from;
        for (var at = from; at < to; ) {
            var c = text.charAt(at);
            if (Character.isLetter(c)) {
                at = word(at, to);
            } else if (isDigit(c)) {
                at = number(at, to);
            } else {
                sign(c, at, from, to);
                at++;
            }
        }
    }

    private int word(int from, int to) {
        var at = from;
        while (at < to && (Character.isLetter(text.charAt(at)) || isApostropheInWord(at, from, to))) {
            foreign += text.charAt(at) > 127 ? 1 : 0;
            at++;
        }
        var length = at - from;
        var first = text.charAt(from);
        letters += length;
        capitalised += Character.isUpperCase(first) ? 1 : 0;
        singleLetters += length == 1 && first != 'a' && first != 'A' && first != 'I' ? 1 : 0;
        longWords += length >= LONG_WORD ? 1 : 0;
        veryLongWords += length >= VERY_LONG_WORD ? 1 : 0;
        shortWords += length <= SHORT_WORD ? 1 : 0;
        var hash = Wordlist.hash(text, from, at);
        keyword(hash);
        if (lastWord != 0) {
            keyword(Wordlist.pair(lastWord, hash));
        }
        lastWord = hash;
        if (words == wordHashes.length) {
            wordHashes = Arrays.copyOf(wordHashes, words * 2);
        }
        wordHashes[words++] = hash;
        return at;
    }

    private void keyword(long hash) {
        var found = keywords.find(hash);
        if (found != Wordlist.NONE) {
            keywordCounts[found]++;
        }
    }

    private boolean isApostropheInWord(int at, int from, int to) {
        return text.charAt(at) == '\'' && at > from && at + 1 < to && Character.isLetter(text.charAt(at + 1));
    }

    private int number(int from, int to) {
        var at = from;
        var wholeDigits = 0;
        while (at < to && (isDigit(text.charAt(at)) || (text.charAt(at) == ',' && isDigitAt(at + 1, to)))) {
            wholeDigits += text.charAt(at) == ',' ? 0 : 1;
            at++;
        }
        if (at < to && text.charAt(at) == '.' && isDigitAt(at + 1, to)) {
            decimals++;
            at++;
            while (at < to && isDigit(text.charAt(at))) {
                at++;
            }
        } else if (at - from == 4 && text.charAt(from) <= '2' && text.charAt(from) >= '1') {
            years++;
        }
        bigNumbers += wholeDigits >= BIG_NUMBER ? 1 : 0;
        digits += at - from == 1 ? 1 : 0;
        fractions += at < to && text.charAt(at) == '/' && isDigitAt(at + 1, to) ? 1 : 0;
        if (numbers == numberHashes.length) {
            numberHashes = Arrays.copyOf(numberHashes, numbers * 2);
        }
        numberHashes[numbers++] = Wordlist.hash(text, from, at);
        lastWord = 0;
        return at;
    }

    private void sign(char c, int at, int from, int to) {
        if (Character.isWhitespace(c)) {
            lines += c == '\n' ? 1 : 0;
            return;
        }
        symbols++;
        foreign += c > 127 ? 1 : 0;
        switch (c) {
            case '%' -> percents++;
            case '$', '€', '£' -> currencies++;
            case '+', '*', '/', '^', '=', '<', '>', '×', '÷', '≤', '≥', '√', '∑', '∫' -> operators++;
            case '-' -> operators += isDigitAt(at + 1, to) && at > from && isDigitOrBlank(at - 1) ? 1 : 0;
            case ',' -> commas++;
            case '"', '“', '”' -> quotes++;
            case '(' -> parentheses++;
            case '_' -> blanks++;
            case '{', '}', ';', '`', '\\' -> codeMarks++;
            default -> {
                // a sign like any other
            }
        }
        if (c == '?') {
            questionMarks++;
        }
        if ((c == '.' || c == '!' || c == '?') && (at + 1 == to || Character.isWhitespace(text.charAt(at + 1)))) {
            sentences++;
        }
        if (c != '-' && c != '\'') {
            lastWord = 0;
        }
    }

    private boolean isDigitOrBlank(int at) {
        return text.charAt(at) == ' ' || isDigit(text.charAt(at));
    }

    private boolean isDigitAt(int at, int to) {
        return at < to && isDigit(text.charAt(at));
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static int distinct(long[] values, int count) {
        var sorted = Arrays.copyOf(values, count);
        Arrays.sort(sorted);
        var distinct = 0;
        for (var i = 0; i < count; i++) {
            distinct += i == 0 || sorted[i] != sorted[i - 1] ? 1 : 0;
        }
        return distinct;
    }
}

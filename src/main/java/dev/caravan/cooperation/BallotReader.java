package dev.caravan.cooperation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.catalog.Council.Compare;
import dev.caravan.chat.Message;
import dev.caravan.cooperation.Ballot.Kind;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads answers as {@link Ballot}s. First what an answer comes down to is looked for ("The answer is 42."), then what that
 * is: a number, the letter of a choice, JSON, or text. What is not plainly one of the first is text. No state.
 */
final class BallotReader {

    private static final int LONGEST_NUMBER = 64;

    /** What is longer is an essay: it is not searched for what it comes down to. */
    private static final int LONGEST_BRIEF = 4000;

    /** What stands around a JSON answer, or any other, when a model writes Markdown. */
    private static final Pattern FENCED = Pattern.compile("(?s)\\A\\s*```[\\w+-]*\\s*\\n(.*?)\\n?\\s*```\\s*\\z");

    private static final Pattern BOXED = Pattern.compile("\\\\boxed\\{([^{}]{1,200})}");

    /** A sentence that says what the answer is, at the beginning of a line or sentence; of several the last counts. */
    private static final Pattern STATED =
            Pattern.compile("(?im)(?:^|[.!?:]\\s+|so,? |thus,? |therefore,? |hence,? )[\\s*_#>-]*"
                    + "(?:the |my )?(?:final |correct |right |best )?(?:answer|result|solution|choice)[*_]*"
                    + "(?:\\s+(?:is|would be|equals)\\s*:?|\\s*[:=])[*_]*\\s*(.+?)\\s*$");

    private static final Pattern NUMBER = Pattern.compile(
            "(?:[$€£¥]\\s?)?([+-]?)(?:[$€£¥]\\s?)?(\\d{1,3}(?:,\\d{3})+|\\d+)?(\\.\\d+)?(?:[eE]([+-]?\\d{1,3}))?\\s?(%?)");

    private static final Pattern ANY_NUMBER = Pattern.compile(
            "(?<![\\w.])[+-]?(?:\\d{1,3}(?:,\\d{3})+|\\d+)(?:\\.\\d+)?(?:[eE][+-]?\\d{1,3})?(?![\\w])(?!\\.\\d)");

    /** A letter by itself, or with a bracket, point or colon before what it stands for. */
    private static final Pattern CHOICE = Pattern.compile(
            "(?s)(?:option |choice )?\\(?\\[?([A-Ja-j])(?:[).\\]:]+(?:\\s.*)?)?", Pattern.CASE_INSENSITIVE);

    private static final Pattern ANY_CHOICE = Pattern.compile("(?<![\\p{L}\\p{N}'’])([A-J])(?![\\p{L}\\p{N}'’])");

    private BallotReader() {}

    /** What an answer says. */
    static Ballot read(Message answer, Compare compare) {
        if (!answer.toolCalls().isEmpty()) {
            return new Ballot(
                    Kind.TOOL_CALLS,
                    answer.toolCalls().stream()
                            .map(call -> call.name() + " "
                                    + CanonicalJson.of(call.arguments()).orElse(call.arguments()))
                            .sorted()
                            .collect(Collectors.joining("; ")));
        }
        var content = answer.content();
        return read(content == null ? String.valueOf(answer.refusal()) : content, compare);
    }

    /** The same, for an answer that is a text. */
    static Ballot read(String answer, Compare compare) {
        var text = unfenced(answer);
        return switch (compare) {
            case AUTO -> json(text).or(() -> briefly(text)).orElseGet(() -> text(text));
            case TEXT -> text(text);
            case NUMBER -> lastNumber(text).orElseGet(() -> text(text));
            case CHOICE -> anyChoice(text).orElseGet(() -> text(text));
            case JSON, FIELDS ->
                object(answer)
                        .map(CanonicalJson::of)
                        .map(BallotReader::ofJson)
                        .or(() -> json(text))
                        .orElseGet(() -> text(text));
        };
    }

    /** The object in an answer: the whole of it, or what stands between its first and its last brace. */
    static Optional<ObjectNode> object(String answer) {
        var text = unfenced(answer);
        return CanonicalJson.object(text).or(() -> {
            var first = text.indexOf('{');
            var last = text.lastIndexOf('}');
            return first < 0 || last < first ? Optional.empty() : CanonicalJson.object(text.substring(first, last + 1));
        });
    }

    /** A JSON value by its fields, in whatever order and form they are written. */
    private static Optional<Ballot> json(String text) {
        return CanonicalJson.of(text).map(BallotReader::ofJson);
    }

    private static Ballot ofJson(String canonical) {
        return new Ballot(Kind.JSON, canonical);
    }

    /** Of an answer that says at its end what it comes down to, that alone. */
    private static Optional<Ballot> briefly(String text) {
        var core = core(text);
        return number(core)
                .or(() -> choice(core))
                .or(() -> core.equals(text.strip()) ? Optional.empty() : Optional.of(text(core)));
    }

    private static String core(String text) {
        if (text.length() > LONGEST_BRIEF) {
            return text.strip();
        }
        var boxed = last(BOXED.matcher(text));
        if (boxed.isPresent()) {
            return bare(boxed.get());
        }
        var lines = text.strip();
        return last(STATED.matcher(lines)).map(BallotReader::bare).orElseGet(() -> bare(lines));
    }

    private static Optional<String> last(Matcher matcher) {
        Optional<String> last = Optional.empty();
        while (matcher.find()) {
            last = Optional.of(matcher.group(1));
        }
        return last;
    }

    /** Without emphasis, quotes and the full stop around it. */
    private static String bare(String text) {
        return text.strip()
                .replaceAll("^[*_`\"'“”‘’$\\s]+(?=\\S)|(?<=\\S)[*_`\"'“”‘’$\\s]+$", "")
                .replaceAll("(?<=[^.])[.!]+$", "")
                .replaceAll("^[*_`\"'“”‘’]+(?=\\S)|(?<=\\S)[*_`\"'“”‘’]+$", "")
                .strip();
    }

    static Optional<Ballot> number(String text) {
        var matcher = NUMBER.matcher(text);
        if (text.isEmpty() || text.length() > LONGEST_NUMBER || !matcher.matches()) {
            return Optional.empty();
        }
        var whole = matcher.group(2);
        var fraction = matcher.group(3);
        if (whole == null && fraction == null) {
            return Optional.empty();
        }
        var exponent = matcher.group(4);
        var plain = matcher.group(1)
                + (whole == null ? "0" : whole.replace(",", ""))
                + (fraction == null ? "" : fraction)
                + (exponent == null ? "" : "e" + exponent);
        return Optional.of(new Ballot(Kind.NUMBER, CanonicalJson.number(plain) + matcher.group(5)));
    }

    private static Optional<Ballot> lastNumber(String text) {
        var core = number(core(text));
        if (core.isPresent()) {
            return core;
        }
        Optional<Ballot> last = Optional.empty();
        for (var matcher = ANY_NUMBER.matcher(text); matcher.find(); ) {
            last = number(matcher.group());
        }
        return last;
    }

    private static Optional<Ballot> choice(String text) {
        var matcher = CHOICE.matcher(text);
        return matcher.matches() ? Optional.of(choiceOf(matcher.group(1))) : Optional.empty();
    }

    private static Optional<Ballot> anyChoice(String text) {
        return choice(core(text)).or(() -> last(ANY_CHOICE.matcher(text)).map(BallotReader::choiceOf));
    }

    private static Ballot choiceOf(String letter) {
        return new Ballot(Kind.CHOICE, letter.toUpperCase(Locale.ROOT));
    }

    private static Ballot text(String text) {
        return new Ballot(Kind.TEXT, PlainText.of(text));
    }

    private static String unfenced(String text) {
        var fenced = FENCED.matcher(text);
        return fenced.matches() ? fenced.group(1) : text;
    }
}

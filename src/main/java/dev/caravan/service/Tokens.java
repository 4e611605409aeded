package dev.caravan.service;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import java.util.ArrayList;
import java.util.List;

/**
 * Counts tokens as GPT-4o does, and cuts texts by them. Other models count otherwise, but not by far. Thread-safe; its table
 * is read when it is needed first.
 */
final class Tokens {

    private static final class Table {
        static final Encoding ENCODING = Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.O200K_BASE);
    }

    /** Where a text is cut best, and where else if pieces are still too long then. */
    private static final List<String> BORDERS = List.of("(?<=\\n\\n)", "(?<=\\n)", "(?<=[.!?。！？])", "(?<=\\s)");

    /** Characters of which a text has at least one token, but for oddities. */
    private static final int LONG_TOKEN = 16;

    private Tokens() {}

    static int count(String text) {
        return Table.ENCODING.countTokensOrdinary(text);
    }

    /** Whether a text has more tokens than that. Of a long one no more is looked at than it takes to see it. */
    static boolean isMore(String text, int tokens) {
        if (text.length() <= tokens && text.getBytes(UTF_8).length <= tokens) {
            return false; // a token has one byte at least
        }
        var most = (long) tokens * LONG_TOKEN;
        return text.length() > most && isMoreCounted(text.substring(0, (int) most), tokens)
                || isMoreCounted(text, tokens);
    }

    private static boolean isMoreCounted(String text, int tokens) {
        return Table.ENCODING.encodeOrdinary(text, tokens).isTruncated();
    }

    /**
     * Cuts a text into pieces that have so many tokens at most: where a paragraph ends, else a line, a sentence, a word.
     * Joined they are the text, unless there are more of them than wanted.
     *
     * @param pieces so many at most, and one more where there would be more
     */
    static List<String> split(String text, int most, int pieces) {
        var atoms = new ArrayList<String>();
        cut(text, most, 0, atoms);
        var all = new ArrayList<String>();
        var piece = new StringBuilder();
        var size = 0;
        for (var atom : atoms) {
            var tokens = count(atom);
            if (size + tokens > most && !piece.isEmpty()) {
                all.add(piece.toString());
                piece.setLength(0);
                size = 0;
                if (all.size() > pieces) {
                    return all;
                }
            }
            piece.append(atom);
            size += tokens;
        }
        all.add(piece.toString());
        return all;
    }

    private static void cut(String text, int most, int border, List<String> atoms) {
        if (!isMore(text, most)) {
            atoms.add(text);
            return;
        }
        for (var next = border; next < BORDERS.size(); next++) {
            var parts = text.split(BORDERS.get(next));
            if (parts.length > 1) {
                for (var part : parts) {
                    cut(part, most, next + 1, atoms);
                }
                return;
            }
        }
        var step = Math.min(most, text.length() / 2);
        for (var from = 0; from < text.length(); ) {
            var end = Math.min(from + step, text.length());
            var to = end < text.length() && Character.isLowSurrogate(text.charAt(end)) ? end + 1 : end;
            cut(text.substring(from, to), most, BORDERS.size(), atoms);
            from = to;
        }
    }
}

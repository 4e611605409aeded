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

    private Tokens() {}

    static int count(String text) {
        return Table.ENCODING.countTokensOrdinary(text);
    }

    /** Whether a text has more tokens than that; a short one is not counted, since a token has one byte at least. */
    static boolean isMore(String text, int tokens) {
        return text.getBytes(UTF_8).length > tokens && count(text) > tokens;
    }

    /**
     * Cuts a text into pieces that have so many tokens at most: where a paragraph ends, else a line, a sentence, a word.
     * Joined they are the text.
     */
    static List<String> split(String text, int most) {
        var atoms = new ArrayList<String>();
        cut(text, most, 0, atoms);
        var pieces = new ArrayList<String>();
        var piece = new StringBuilder();
        var size = 0;
        for (var atom : atoms) {
            var tokens = count(atom);
            if (size + tokens > most && !piece.isEmpty()) {
                pieces.add(piece.toString());
                piece.setLength(0);
                size = 0;
            }
            piece.append(atom);
            size += tokens;
        }
        if (!piece.isEmpty()) {
            pieces.add(piece.toString());
        }
        return pieces;
    }

    private static void cut(String text, int most, int border, List<String> atoms) {
        if (!isMore(text, most)) {
            atoms.add(text);
        } else if (border < BORDERS.size()) {
            for (var part : text.split(BORDERS.get(border))) {
                cut(part, most, border + 1, atoms);
            }
        } else {
            var middle = text.offsetByCodePoints(0, text.codePointCount(0, text.length()) / 2);
            cut(text.substring(0, middle), most, border, atoms);
            cut(text.substring(middle), most, border, atoms);
        }
    }
}

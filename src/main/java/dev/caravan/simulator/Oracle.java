package dev.caravan.simulator;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A model that is right with a known probability: {@code sim-oracle-70-3} in 70 of 100 sums, and which ones depends on its
 * seed, here 3, and on the sum alone. Two that differ in their seed err independently of each other. Where one errs, it says
 * one more than is right. It answers the first sum in all that it is told, so that it keeps to its word when it is asked
 * again; to what holds no sum it says yes, or erring no.
 */
final class Oracle {

    private static final Pattern NAME = Pattern.compile("sim-oracle-(100|\\d{1,2})-(\\d{1,9})");
    private static final Pattern SUM = Pattern.compile("(\\d{1,9})\\s*([+*-])\\s*(\\d{1,9})");

    private Oracle() {}

    /** The oracle of this name; null for a name of another kind. */
    static @Nullable SimulatedModel named(String name) {
        return NAME.matcher(name).matches()
                ? new SimulatedModel(name, SimulatedModel.Voice.ORACLE, Pace.INSTANT)
                : null;
    }

    static String answer(String name, String prompt) {
        var parts = NAME.matcher(name);
        if (!parts.matches()) {
            throw new IllegalArgumentException(name);
        }
        var sum = SUM.matcher(prompt);
        var found = sum.find();
        var asked = found ? sum.group() : prompt;
        var right = draw(Long.parseLong(parts.group(2)), asked) < Integer.parseInt(parts.group(1));
        return found
                ? String.valueOf(result(sum.group(1), sum.group(2), sum.group(3)) + (right ? 0 : 1))
                : right ? "yes" : "no";
    }

    private static long result(String one, String sign, String other) {
        var a = Long.parseLong(one);
        var b = Long.parseLong(other);
        return switch (sign) {
            case "+" -> a + b;
            case "-" -> a - b;
            default -> a * b;
        };
    }

    /**
     * From 0 to 99, the same on every machine. Seeds that are neighbours must not draw alike, so bits are mixed well.
     *
     * @see <a href="https://zimbry.blogspot.com/2011/09/better-bit-mixing-improving-on.html">Stafford's variant 13</a>
     */
    private static int draw(long seed, String text) {
        var bits = seed * 0x9E3779B97F4A7C15L + text.hashCode();
        bits = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
        bits = (bits ^ (bits >>> 27)) * 0x94D049BB133111EBL;
        return (int) Long.remainderUnsigned(bits ^ (bits >>> 31), 100);
    }
}

package training;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which questions are for training and which for the report. Decided by hashes and sizes alone: of MMLU whole subjects, in the
 * order of their names' SHA-256, until they are three tenths of all; a subject that is more than a tenth of all by itself would
 * be most of the report, and is for training. Of GSM8K each question by its own SHA-256.
 */
record Split(List<Sample> training, List<Sample> report, Set<String> subjects) {

    private static final double REPORTED = 0.3;
    private static final double LARGEST = 0.1;

    static Split of(List<Sample> all) {
        var sizes = new TreeMap<String, Integer>();
        all.stream().filter(Sample::isMmlu).forEach(sample -> sizes.merge(sample.group(), 1, Integer::sum));
        var total = sizes.values().stream().mapToInt(Integer::intValue).sum();
        var byHash = new TreeMap<String, String>();
        sizes.keySet().forEach(subject -> byHash.put(sha256(subject), subject));
        var reported = new HashSet<String>();
        var taken = 0;
        for (var subject : byHash.values()) {
            if (taken < REPORTED * total && sizes.get(subject) <= LARGEST * total) {
                reported.add(subject);
                taken += sizes.get(subject);
            }
        }
        return new Split(
                all.stream().filter(sample -> !isReported(sample, reported)).toList(),
                all.stream().filter(sample -> isReported(sample, reported)).toList(),
                reported);
    }

    /** A number from 0 to {@code parts} - 1 that goes with {@code text}, for folds. */
    static int fold(String text, int parts) {
        return (int) (Long.parseLong(sha256("fold:" + text).substring(0, 8), 16) % parts);
    }

    private static boolean isReported(Sample sample, Set<String> subjects) {
        return sample.isMmlu()
                ? subjects.contains(sample.group())
                : Long.parseLong(sha256(sample.prompt()).substring(0, 8), 16) % 10 < 10 * REPORTED;
    }

    private static String sha256(String text) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}

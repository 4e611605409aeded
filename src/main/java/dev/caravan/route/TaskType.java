package dev.caravan.route;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What kind of work a request asks for. */
public enum TaskType {
    CHAT(-0.15),
    QUESTION(0),
    MATH(0),
    REASONING(0.06),
    CODE(0.06),
    WRITING(-0.02),
    SUMMARIZATION(-0.06),
    TRANSLATION(-0.06),
    EXTRACTION(-0.06),
    VISION(0);

    /** How much more, or less, a strong model is expected to gain: set by hand, for what no data were at hand for. */
    private final double bias;

    TaskType(double bias) {
        this.bias = bias;
    }

    double bias() {
        return bias;
    }

    /** Its name in requests and answers. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The type of this name. */
    public static Optional<TaskType> named(String text) {
        return Arrays.stream(values()).filter(type -> type.text().equals(text)).findFirst();
    }

    /** Every name. */
    public static List<String> names() {
        return Arrays.stream(values()).map(TaskType::text).toList();
    }
}

package dev.caravan.catalog;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What models are for, among those that one name chooses from. */
public enum Tier {
    /** For what most models can do; the cheap ones. */
    LIGHTWEIGHT,
    /** For what is worth a strong model. */
    REASONING,
    /** For what shows pictures. */
    MULTIMODAL;

    /** Its name in configuration, requests and answers. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The tier of this name. */
    public static Optional<Tier> named(String text) {
        return Arrays.stream(values()).filter(tier -> tier.text().equals(text)).findFirst();
    }

    /** Every name. */
    public static List<String> names() {
        return Arrays.stream(values()).map(Tier::text).toList();
    }
}

package dev.caravan.service;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Prompts with blanks such as <code>{language}</code>. No state. */
final class PromptText {

    private static final Pattern BLANK = Pattern.compile("\\{([a-z][a-z0-9_]*)}");

    private PromptText() {}

    /** The names of a prompt's blanks. */
    static Set<String> blanks(String prompt) {
        return BLANK.matcher(prompt)
                .results()
                .map(blank -> blank.group(1))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /**
     * A prompt with its blanks filled, in one go: what is filled in may look like a blank itself. A line with a blank for which
     * there is nothing is left out.
     */
    static String filled(String prompt, Map<String, String> values) {
        return prompt.lines()
                .filter(line -> values.keySet().containsAll(blanks(line)))
                .map(line -> BLANK.matcher(line)
                        .replaceAll(blank -> Matcher.quoteReplacement(values.getOrDefault(blank.group(1), ""))))
                .collect(Collectors.joining("\n"))
                .strip();
    }

    /** A parameter's value as it stands in a prompt: of a list, its items one after the other. */
    static String said(JsonNode value) {
        return value.isArray()
                ? StreamSupport.stream(value.spliterator(), false)
                        .map(PromptText::said)
                        .collect(Collectors.joining("; "))
                : value.isValueNode() ? value.asText() : value.toString();
    }
}

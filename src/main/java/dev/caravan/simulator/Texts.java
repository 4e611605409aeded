package dev.caravan.simulator;

import java.util.ArrayList;
import java.util.List;

/** Reads what may be a text, a list of texts, tokens, or a list of lists of tokens. */
final class Texts {

    private Texts() {}

    /** One text for each; tokens are the text of their numbers, for nobody here knows what they stand for. */
    static List<String> of(Fields fields, String name) {
        var value = fields.value(name);
        var texts = new ArrayList<String>();
        if (value.isMissingNode()) {
            fields.complain(name, "missing_required_parameter", "is missing");
        } else if (value.isTextual()) {
            texts.add(value.textValue());
        } else if (!value.isArray() || value.isEmpty()) {
            fields.complain(name, "invalid_type", "must be a string or a list that is not empty");
        } else if (value.path(0).isIntegralNumber()) {
            texts.add(value.toString());
        } else {
            value.forEach(each -> texts.add(each.isTextual() ? each.textValue() : each.toString()));
        }
        return texts;
    }
}

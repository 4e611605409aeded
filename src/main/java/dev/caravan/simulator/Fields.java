package dev.caravan.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import org.jspecify.annotations.Nullable;

/** Reads the members of a JSON object and remembers the first that is not as it should be. For one thread. */
final class Fields {

    private final JsonNode object;
    private final String prefix;
    private @Nullable Refusal problem;

    Fields(JsonNode object) {
        this(object, "");
    }

    private Fields(JsonNode object, String prefix) {
        this.object = object;
        this.prefix = prefix;
    }

    /** What was wrong first; null if all that was read was right. */
    @Nullable
    Refusal problem() {
        return problem;
    }

    /** A member's value; missing for one that is absent or null. */
    JsonNode value(String name) {
        var value = object.path(name);
        return value.isNull() ? MissingNode.getInstance() : value;
    }

    String text(String name) {
        var value = value(name);
        if (value.isMissingNode()) {
            complain(name, "missing_required_parameter", "is missing");
        } else if (!value.isTextual()) {
            complain(name, "invalid_type", "must be a string");
        }
        return value.asText("");
    }

    boolean flag(String name) {
        var value = value(name);
        if (!value.isMissingNode() && !value.isBoolean()) {
            complain(name, "invalid_type", "must be true or false");
        }
        return value.asBoolean();
    }

    int whole(String name, int absent, int min, int max) {
        var value = value(name);
        if (value.isMissingNode()) {
            return absent;
        }
        if (!value.isIntegralNumber()) {
            complain(name, "invalid_type", "must be a whole number");
        } else if (!value.canConvertToInt() || value.intValue() < min || value.intValue() > max) {
            complain(name, "invalid_value", "must be from " + min + " to " + max);
        }
        return value.intValue();
    }

    double number(String name, double absent, double max) {
        var value = value(name);
        if (value.isMissingNode()) {
            return absent;
        }
        if (!value.isNumber()) {
            complain(name, "invalid_type", "must be a number");
        } else if (!(value.doubleValue() >= 0 && value.doubleValue() <= max)) {
            complain(name, "invalid_value", "must be from 0 to " + (long) max);
        }
        return value.doubleValue();
    }

    /** The members of an object inside; none if it is absent. */
    Fields inside(String name) {
        var value = value(name);
        if (!value.isMissingNode() && !value.isObject()) {
            complain(name, "invalid_type", "must be an object");
        }
        return new Fields(value, prefix + name + ".");
    }

    void complain(String name, String code, String what) {
        adopt(Refusal.invalid(prefix + name, code, "'" + prefix + name + "' " + what + "."));
    }

    /** Takes over what was wrong inside. */
    void adopt(@Nullable Refusal other) {
        if (problem == null) {
            problem = other;
        }
    }
}

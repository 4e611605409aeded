package dev.caravan.provider.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.Set;

/**
 * An object in a request, such as a message, that the codec of another dialect takes apart like the request itself. Used
 * by one thread.
 */
public final class AskedPart {

    private static final Set<String> ESSENTIAL = Set.of("audio", "function_call");

    private final Asked asked;
    private final String path;
    private final ObjectNode fields;
    private final Set<String> taken = new HashSet<>();

    /** @param path where it stands, such as {@code messages[2]} */
    public AskedPart(Asked asked, String path, ObjectNode fields) {
        this.asked = asked;
        this.path = path;
        this.fields = fields;
    }

    /** A field's value, which from now on counts as said; missing where there is none, or null. */
    public JsonNode take(String field) {
        taken.add(field);
        var value = fields.path(field);
        return value.isNull() ? MissingNode.getInstance() : value;
    }

    /** Takes a field and puts it where it has the same name and meaning. */
    public void pass(String field, ObjectNode into) {
        var value = take(field);
        if (!value.isMissingNode()) {
            into.set(field, value);
        }
    }

    /** The call is without this, and the answer will only be drawn in another way for it. */
    public void leaveOut(String field, String why) {
        asked.leaveOut(path + "." + field, why);
    }

    /** The call is without this, and the answer would be to another question. */
    public void cannot(String field, String why) {
        asked.cannot(path + "." + field, why);
    }

    /** Tells of each field that nobody took. */
    public void finish() {
        for (var field : fields.properties()) {
            var name = field.getKey();
            if (!taken.contains(name) && !field.getValue().isNull()) {
                var why = asked.api() + " has no '" + name + "' here.";
                if (ESSENTIAL.contains(name)) {
                    cannot(name, why);
                } else {
                    leaveOut(name, why);
                }
            }
        }
    }

    /** Whose dialect it is, for sentences. */
    public String api() {
        return asked.api();
    }
}

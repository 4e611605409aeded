package dev.caravan.provider.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.chat.ChatRequest;
import dev.caravan.chat.Extensions;
import dev.caravan.provider.EncodedCall.Unsupported;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a request, or of an object in it, as the codec of another dialect takes them one by one. What nobody has
 * taken in the end is what the dialect cannot say, so nothing is left out silently. Used by one thread.
 */
public final class RequestFields {

    /** Said by the broker itself: who is asked, how the answer comes, how many there are. */
    private static final List<String> BROKERS = List.of("model", "stream", "stream_options", "n");

    /** Without these the answer would be to another question. */
    private static final Set<String> ESSENTIAL =
            Set.of("audio", "function_call", "functions", "modalities", "web_search_options");

    private static final JsonNode ONLY_TEXT = OpenAiForm.object().arrayNode().add("text");

    private final ObjectNode object;
    private final String path;
    private final String vendor;
    private final List<Unsupported> unsupported;
    private final Set<String> taken = new HashSet<>();

    private RequestFields(ObjectNode object, String path, String vendor, List<Unsupported> unsupported) {
        this.object = object;
        this.path = path;
        this.vendor = vendor;
        this.unsupported = unsupported;
    }

    /**
     * The fields of a request, without those that are the broker's own.
     *
     * @param vendor whose dialect it is put into, for the sentences that say what it cannot
     */
    public static RequestFields of(ChatRequest request, String vendor) {
        var fields = new RequestFields(OpenAiForm.tree(request), "", vendor, new ArrayList<>());
        fields.taken.addAll(BROKERS);
        fields.taken.addAll(Extensions.NAMES);
        if (fields.object.path("modalities").equals(ONLY_TEXT)) {
            fields.taken.add("modalities");
        }
        return fields;
    }

    /** The fields of an object that stands in this one, such as {@code tools[0]}. */
    public RequestFields in(String name, ObjectNode part) {
        return new RequestFields(part, path + name + ".", vendor, unsupported);
    }

    /** Takes a field; null where there is none, or an explicit null. */
    public @Nullable JsonNode take(String name) {
        taken.add(name);
        var value = object.get(name);
        return value == null || value.isNull() ? null : value;
    }

    /** Takes a field that holds a text; null where there is none, or something else. */
    public @Nullable String takeText(String name) {
        var value = take(name);
        return value == null ? null : value.textValue();
    }

    /** Takes a field and puts it where it has the same name and meaning. */
    public void pass(String name, ObjectNode into) {
        var value = take(name);
        if (value != null) {
            into.set(name, value);
        }
    }

    /** Where a field stands in the request. */
    public String path(String name) {
        return path + name;
    }

    /** Whose dialect it is put into. */
    public String vendor() {
        return vendor;
    }

    /** Tells that the dialect cannot say something. */
    public void cannot(String name, String why, boolean essential) {
        unsupported.add(new Unsupported(path + name, why, essential));
    }

    /** Tells of every field that nobody has taken. */
    public void finish() {
        object.properties().forEach(field -> {
            if (!taken.contains(field.getKey()) && !field.getValue().isNull()) {
                cannot(
                        field.getKey(),
                        vendor + "'s API has no '" + field.getKey() + "'" + (path.isEmpty() ? "." : " here."),
                        ESSENTIAL.contains(field.getKey()));
            }
        });
    }

    /** All that the dialect cannot say, in this object and in those around and inside it. */
    public List<Unsupported> unsupported() {
        return unsupported;
    }
}

package dev.caravan.chat;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object exactly as it was written: its UTF-8 bytes, and where each of its members stands in them. What nobody
 * acts on is so carried to the byte: same values, same order, numbers with their literal text.
 *
 * <p>Immutable as long as nobody writes into the array it was made from.
 */
public final class RawObject {

    /**
     * Where one member stands.
     *
     * @param name the member's name, unescaped
     * @param start offset of the opening quote of the name
     * @param valueStart offset of the value's first byte
     * @param end offset after the value's last byte
     */
    public record Member(String name, int start, int valueStart, int end) {}

    private final byte[] json;
    private final List<Member> members;

    /** An object that stands in {@code json} with these {@code members}, which come in their order there. */
    public RawObject(byte[] json, List<Member> members) {
        this.json = json;
        this.members = List.copyOf(members);
    }

    /** Whether the object has a member of this name. */
    public boolean has(String name) {
        return find(name) != null;
    }

    /** The literal text of a member's value; of the last one, if a name stands there twice. */
    public Optional<String> value(String name) {
        return Optional.ofNullable(find(name))
                .map(member -> new String(json, member.valueStart(), member.end() - member.valueStart(), UTF_8));
    }

    /** The names of the members, in order. */
    public List<String> names() {
        return members.stream().map(Member::name).toList();
    }

    /** Starts a changed copy. */
    public Edit edit() {
        return new Edit();
    }

    /** The object as it was written. */
    public byte[] toBytes() {
        return json.clone();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RawObject that && Arrays.equals(json, that.json);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(json);
    }

    /** Names only: values may be private. */
    @Override
    public String toString() {
        return "RawObject" + names();
    }

    private @Nullable Member find(String name) {
        for (var i = members.size() - 1; i >= 0; i--) {
            if (members.get(i).name().equals(name)) {
                return members.get(i);
            }
        }
        return null;
    }

    /** A changed copy in the making: members replaced where they stand, left out, or added at the end. */
    public final class Edit {

        private final Map<String, byte[]> values = new LinkedHashMap<>();
        private final List<String> removed = new ArrayList<>(4);

        /**
         * Sets a member to a value given as JSON text: in its place, or at the end where there was none. What is said last
         * of a name holds.
         *
         * @param name a name that needs no escapes in JSON, as all do that a program writes of its own accord
         */
        public Edit set(String name, String jsonValue) {
            return set(name, jsonValue.getBytes(UTF_8));
        }

        /** The same, with the JSON text as UTF-8 bytes. */
        public Edit set(String name, byte[] jsonValue) {
            if (name.chars().anyMatch(c -> c < ' ' || c == '"' || c == '\\')) {
                throw new IllegalArgumentException("a member's name that needs escapes");
            }
            removed.remove(name);
            values.put(name, jsonValue);
            return this;
        }

        /** Leaves a member out, if there is one. */
        public Edit remove(String name) {
            values.remove(name);
            removed.add(name);
            return this;
        }

        /** The changed object, as JSON. */
        public byte[] toBytes() {
            var out = new ByteArrayOutputStream(json.length + 128);
            out.write('{');
            var left = new LinkedHashMap<>(values);
            for (var member : members) {
                if (removed.contains(member.name())) {
                    continue;
                }
                separate(out);
                if (values.containsKey(member.name())) {
                    out.write(json, member.start(), member.valueStart() - member.start());
                    out.writeBytes(values.get(member.name()));
                    left.remove(member.name());
                } else {
                    out.write(json, member.start(), member.end() - member.start());
                }
            }
            left.forEach((name, value) -> {
                separate(out);
                out.writeBytes(('"' + name + "\":").getBytes(UTF_8));
                out.writeBytes(value);
            });
            out.write('}');
            return out.toByteArray();
        }

        private static void separate(ByteArrayOutputStream out) {
            if (out.size() > 1) {
                out.write(',');
            }
        }
    }
}

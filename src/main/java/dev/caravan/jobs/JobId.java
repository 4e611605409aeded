package dev.caravan.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Base64;
import java.util.HexFormat;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * The rules for the id of a request record. The same record has the same id each time it is read, and a record that a
 * producer sends twice has the same id both times, where that can be told.
 */
final class JobId {

    private JobId() {}

    /** The id that the sender gave in header {@code ce_id}; null if it gave none (CloudEvents allows no empty one). */
    static @Nullable String given(byte @Nullable [] header) {
        return header == null || header.length == 0 ? null : text(header);
    }

    /** For a record with a key: the key and the SHA-256 of the value, since one key may carry many requests. */
    static String ofKey(byte[] key, byte[] value) {
        return text(key) + ":" + HexFormat.of().formatHex(Sha.of(value));
    }

    /** For a record without a key: where it stands. The topic's id, not its name: a topic made anew starts at 0 again. */
    static String ofPlace(Uuid topicId, int partition, long offset) {
        return topicId + ":" + partition + ":" + offset;
    }

    /** As text where it is UTF-8, else in base64url. */
    private static String text(byte[] bytes) {
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        }
    }
}

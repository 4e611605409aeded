package dev.caravan.usage;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.caravan.chat.ChatError;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The JSON of this package: ISO-8601 instants, plain numbers, nulls kept, so that every record has the same fields. */
final class UsageJson {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN)
            .build();
    private static final ObjectWriter EVENT_WRITER = MAPPER.writerFor(UsageEvent.class);
    private static final ObjectReader EVENT_READER = MAPPER.readerFor(UsageEvent.class);
    private static final ObjectWriter ANSWER_WRITER = MAPPER.writer();

    private UsageJson() {}

    static byte[] bytes(UsageEvent event) {
        return bytes(EVENT_WRITER, event);
    }

    static byte[] bytes(LogPage page) {
        return bytes(ANSWER_WRITER, page);
    }

    static byte[] bytes(StatsReport report) {
        return bytes(ANSWER_WRITER, report);
    }

    static Parsed<UsageEvent> parseEvent(byte[] json) {
        try {
            return EVENT_READER.readValue(json) instanceof UsageEvent event
                    ? new Parsed.Valid<>(event)
                    : invalid("the value is null");
        } catch (JsonProcessingException e) {
            return invalid(e.getOriginalMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Parsed<UsageEvent> invalid(String reason) {
        return new Parsed.Invalid<>(ChatError.invalid(null, "This is not a usage event: " + reason));
    }

    private static byte[] bytes(ObjectWriter writer, Object value) {
        try {
            return writer.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package dev.caravan.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.catalog.Tier;
import java.math.BigDecimal;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SteeringTest {

    @Test
    @DisplayName("A4 The context says task type, tier, cost and abilities; the body wins over the header")
    void read() {
        var steering = ((Steering.Reading.Read) Steering.read(
                        "{\"tier\":\"lightweight\",\"max_cost\":0.5}",
                        "{\"tier\":\"reasoning\",\"task_type\":\"code\",\"requires\":[\"vision\",\"json\"]}"))
                .steering();

        assertThat(steering.tier()).isEqualTo(Tier.REASONING);
        assertThat(steering.task()).isEqualTo(TaskType.CODE);
        assertThat(steering.maxCost()).isEqualTo(new BigDecimal("0.5"));
        assertThat(steering.requires()).containsExactlyInAnyOrder("vision", "json");
        assertThat(Steering.read(null, "null")).isEqualTo(new Steering.Reading.Read(Steering.NONE));
    }

    @ParameterizedTest
    @DisplayName("A4 What is wrong in the context is told with its field and what would be right")
    @CsvSource(delimiter = '|', textBlock = """
            []                       | context           | must be a JSON object
            {                        | context           | must be a JSON object
            {"tier":"big"}           | context.tier      | lightweight, reasoning, multimodal
            {"task_type":1}          | context.task_type | expected one of chat
            {"max_cost":"1"}         | context.max_cost  | a number of USD
            {"max_cost":-1}          | context.max_cost  | a number of USD
            {"requires":["wings"]}   | context.requires  | vision, tools, json
            {"requires":{}}          | context.requires  | must be a list
            {"colour":"red"}         | context.colour    | Unknown field 'colour'
            """)
    void wrong(String context, String param, String message) {
        var error = ((Steering.Reading.Wrong) Steering.read(null, context)).error();

        assertThat(error.param()).isEqualTo(param);
        assertThat(error.message()).contains(message);
        assertThat(error.status()).isEqualTo(400);
    }
}

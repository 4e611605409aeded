package dev.caravan.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class AddresseeTest {

    @Test
    @DisplayName("A6 F4 Whom a body asks: its model, or that among a service's parameters, and its provider")
    void of() {
        assertThat(of("{\"messages\":[{\"model\":\"no\"}],\"model\":\"m\",\"provider\":\"p\"}"))
                .isEqualTo(new Addressee("m", "p"));
        assertThat(
                        of(
                                "{\"content\":\"x\",\"parameters\":{\"a\":{\"model\":\"no\"},\"model\":\"m\",\"b\":[]},\"provider\":\"p\"}"))
                .isEqualTo(new Addressee("m", "p"));
        assertThat(of("{\"parameters\":{},\"content\":\"x\"}")).isEqualTo(new Addressee(null, null));
        assertThat(of("{\"parameters\":{\"model\":")).isEqualTo(new Addressee(null, null));
    }

    private static Addressee of(String body) {
        return Addressee.of(body.getBytes(UTF_8));
    }
}

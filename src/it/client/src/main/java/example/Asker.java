package example;

import dev.caravan.client.CaravanClient;
import dev.caravan.client.ChatCompletionParams;

/** Asks one question, of whoever listens at the base url given. */
public final class Asker {

    private Asker() {}

    public static void main(String[] args) {
        try (var client = CaravanClient.builder().baseUrl(args[0]).build()) {
            var params = ChatCompletionParams.builder()
                    .model("sim-echo")
                    .addUserMessage(args[1])
                    .build();
            System.out.println(client.chat().completions().create(params).text());
        }
    }
}

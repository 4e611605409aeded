package dev.caravan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.client.CaravanException;
import dev.caravan.client.ChatCompletionParams;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Asks a model of the running broker. */
@Command(name = "infer", description = "Ask a model.", mixinStandardHelpOptions = true)
final class Infer implements Callable<Integer> {

    @Mixin
    private final RunningBroker broker = new RunningBroker();

    @Option(names = "--prompt", required = true, description = "What to ask.")
    private String prompt = "";

    @Option(names = "--model", description = "The model's name. Default: auto, which chooses one.")
    private String model = "auto";

    @Option(names = "--max-tokens", description = "The longest answer, in tokens. Default: 1024.")
    private @Nullable Integer maxTokens;

    @Option(names = "--temperature", description = "0 to 2. Default: 0.7.")
    private @Nullable Double temperature;

    @Option(names = "--stream", description = "Print the answer as it comes.")
    private boolean stream;

    @Option(names = "--output", description = "text or json. Default: text.")
    private Output output = Output.TEXT;

    @Override
    public Integer call() {
        if (stream && output == Output.JSON) {
            System.err.println("A stream is printed as text: leave out --stream, or --output json.");
            return ExitCode.USAGE;
        }
        try {
            return stream ? stream() : whole();
        } catch (RunningBroker.Unreachable e) {
            System.err.println(e.getMessage());
            return ExitCode.SOFTWARE;
        }
    }

    private int whole() throws RunningBroker.Unreachable {
        var body = RunningBroker.JSON.createObjectNode().put("prompt", prompt).put("model_name", model);
        if (maxTokens != null) {
            body.put("max_tokens", maxTokens);
        }
        if (temperature != null) {
            body.put("temperature", temperature);
        }
        var reply = broker.post("/v1/inference", body);
        if (output == Output.JSON) {
            var shown = reply.isSuccess() ? reply.body() : failed(reply.problem(), reply.body());
            System.out.println(shown.toPrettyString());
        } else if (reply.isSuccess()) {
            System.out.println(reply.body().path("text").asText());
        } else {
            System.err.println(reply.problem());
        }
        return reply.isSuccess() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    /** The form of an answer, for one that is none. */
    private ObjectNode failed(String problem, JsonNode error) {
        var failed = RunningBroker.JSON.createObjectNode();
        failed.put("text", "").put("model_name", model).put("success", false).put("error", problem);
        failed.putObject("usage")
                .put("prompt_tokens", 0)
                .put("completion_tokens", 0)
                .put("total_tokens", 0);
        failed.put("latency", 0.0);
        failed.putObject("metadata")
                .put("code", error.path("error").path("code").asText())
                .put("request_id", error.path("request_id").asText());
        return failed;
    }

    private int stream() {
        var out = System.out;
        var params = ChatCompletionParams.builder().model(model).addUserMessage(prompt);
        if (maxTokens != null) {
            params.maxTokens(maxTokens);
        }
        if (temperature != null) {
            params.temperature(temperature);
        }
        try (var client = broker.client();
                var chunks = client.chat().completions().createStreaming(params.build())) {
            for (var chunk : chunks) {
                for (var choice : chunk.choices()) {
                    var piece = choice.message().content();
                    if (piece != null) {
                        out.print(piece);
                        out.flush();
                    }
                }
            }
            out.println();
            return ExitCode.OK;
        } catch (CaravanException e) {
            System.err.println(e.getMessage());
            return ExitCode.SOFTWARE;
        }
    }
}

package dev.caravan.cli;

import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tells which model a question would go to, and why; no model is asked. */
@Command(
        name = "route",
        description = "Tell which model a question would go to, and why.",
        mixinStandardHelpOptions = true)
final class Route implements Callable<Integer> {

    @Mixin
    private final RunningBroker broker = new RunningBroker();

    @Parameters(paramLabel = "QUESTION", description = "What would be asked.")
    private String question = "";

    @Option(names = "--model", description = "The name that stands for several models. Default: auto.")
    private @Nullable String model;

    @Option(names = "--output", description = "text or json. Default: text.")
    private Output output = Output.TEXT;

    @Override
    public Integer call() {
        var out = System.out;
        var error = System.err;
        var body = RunningBroker.JSON.createObjectNode().put("query", question);
        if (model != null) {
            body.put("model", model);
        }
        try {
            var reply = broker.post("/v1/route", body);
            if (!reply.isSuccess()) {
                error.println(reply.problem());
                return ExitCode.SOFTWARE;
            }
            if (output == Output.JSON) {
                out.println(reply.body().toPrettyString());
            } else {
                print(out, reply);
            }
            return ExitCode.OK;
        } catch (RunningBroker.Unreachable e) {
            error.println(e.getMessage());
            return ExitCode.SOFTWARE;
        }
    }

    private static void print(PrintStream out, RunningBroker.Reply reply) {
        var body = reply.body();
        out.printf(
                Locale.ROOT,
                "%s at %s (%s, score %.3f)%n",
                body.path("model").asText(),
                body.path("provider").asText(),
                body.path("task_type").asText(),
                body.path("complexity").path("score").asDouble());
        body.path("reasons").forEach(reason -> out.println("- " + reason.asText()));
    }
}

package dev.caravan.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command {@code caravan}. */
@Command(
        name = "caravan",
        description = "An LLM broker built from Apache Camel routes, on Spring Boot and Kafka.",
        subcommands = {Serve.class, Infer.class, Route.class, Aot.class, CommandLine.HelpCommand.class},
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND")
public final class Main {

    Main() {}

    static void main(String[] arguments) {
        var status = new CommandLine(new Main()).execute(arguments);
        if (status != 0) {
            System.exit(status);
        }
    }
}

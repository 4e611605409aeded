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

    /** The commands, as they are typed. */
    static CommandLine commandLine() {
        return new CommandLine(new Main()).setCaseInsensitiveEnumValuesAllowed(true);
    }

    static void main(String[] arguments) {
        var status = commandLine().execute(arguments);
        if (status != 0) {
            System.exit(status);
        }
    }
}

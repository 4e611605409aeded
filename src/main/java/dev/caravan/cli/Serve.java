package dev.caravan.cli;

import dev.caravan.broker.Broker;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import sun.misc.Signal;

/** Starts the broker; it runs until it is told to stop. */
@Command(name = "serve", description = "Start the broker.", mixinStandardHelpOptions = true)
final class Serve implements Callable<Integer> {

    @Option(names = "--host", description = "Where to listen. Default: SERVER_HOST.")
    private @Nullable String host;

    @Option(names = "--port", description = "Default: SERVER_PORT, else 8080.")
    private @Nullable Integer port;

    @Option(names = "--config", description = "The folder of application.yaml, providers.yaml and the others.")
    private @Nullable Path config;

    @Override
    public Integer call() {
        try {
            var broker = new CompletableFuture<ConfigurableApplicationContext>();
            // from the beginning, since without a handler the signal ends the program; during the start it waits for
            // its end
            Signal.handle(new Signal("HUP"), _ -> broker.thenAccept(Broker::reload));
            broker.complete(Broker.start(properties().toArray(String[]::new)));
            return ExitCode.OK;
        } catch (RuntimeException e) {
            var refusal = Broker.refusal(e);
            if (refusal.isEmpty()) {
                throw e;
            }
            System.err.println(refusal.get());
            return ExitCode.SOFTWARE;
        }
    }

    private ArrayList<String> properties() {
        var home = Path.of(System.getProperty("caravan.home", "."))
                .toAbsolutePath()
                .normalize();
        var folder = config == null ? home.resolve("config") : config.toAbsolutePath();
        var properties = new ArrayList<String>();
        properties.add("--caravan.home=" + home);
        properties.add("--caravan.config=" + folder);
        properties.add("--spring.config.additional-location=optional:file:" + folder + "/");
        if (host != null) {
            properties.add("--caravan.host=" + host);
        }
        if (port != null) {
            properties.add("--caravan.port=" + port);
        }
        return properties;
    }
}

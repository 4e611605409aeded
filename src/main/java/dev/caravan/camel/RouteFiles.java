package dev.caravan.camel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.Model;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.support.PluginHelper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The routes as they stand in the folder of routes, its folder {@code custom} included. A changed file is put in force
 * without failing a request: its routes are started beside the old ones, take over from them, and the old ones are removed
 * when they have finished. A file that is wrong changes nothing. Used by one thread.
 */
public final class RouteFiles {

    private static final Logger LOG = LoggerFactory.getLogger(RouteFiles.class);
    private static final String SUFFIX = ".camel.yaml";

    /** What was last read of a file, and the routes that came of it. */
    private record Loaded(String text, List<String> routeIds) {}

    private final Path folder;
    private final ModelCamelContext camel;
    private final RouteRetirement retirement;
    private final Runnable onTemplateChange;
    private final Map<Path, Loaded> loaded = new HashMap<>();
    private final Map<Path, String> refused = new TreeMap<>();
    private int generation;

    /** @param onTemplateChange run after a file with route templates was read again */
    public RouteFiles(Path folder, CamelContext camel, RouteRetirement retirement, Runnable onTemplateChange) {
        this.folder = folder;
        this.camel = (ModelCamelContext) camel;
        this.retirement = retirement;
        this.onTemplateChange = onTemplateChange;
    }

    /**
     * Reads every file for the first time.
     *
     * @throws IllegalStateException with file and reason, if one is wrong or there is none
     */
    public void load() {
        var present = files();
        if (present.isEmpty()) {
            throw new IllegalStateException("There is no file *" + SUFFIX + " in " + folder + ".");
        }
        for (var file : present) {
            var text = read(file);
            try {
                loaded.put(file, new Loaded(text, start(file, "")));
            } catch (Exception e) {
                throw new IllegalStateException("The routes of " + file + " cannot be used: " + reason(e), e);
            }
        }
    }

    /** Looks for changed, new and deleted files, and puts them in force. Meant to be called about once a second. */
    public void refresh() {
        var present = files();
        for (var file : present) {
            var text = read(file);
            var before = loaded.get(file);
            if ((before == null || !before.text().equals(text)) && !text.equals(refused.get(file))) {
                change(file, text, before);
            }
        }
        for (var gone : Map.copyOf(loaded).entrySet()) {
            if (!present.contains(gone.getKey())) {
                loaded.remove(gone.getKey());
                gone.getValue().routeIds().forEach(retirement::retire);
                LOG.info("The routes of {} are no longer in force: the file is gone", gone.getKey());
            }
        }
    }

    private void change(Path file, String text, @Nullable Loaded before) {
        generation++;
        try {
            loaded.put(file, new Loaded(text, start(file, "~" + generation)));
            refused.remove(file);
            if (before != null) {
                before.routeIds().forEach(retirement::retire);
            }
            if (text.contains("routeTemplate:")) {
                onTemplateChange.run();
            }
            LOG.info("The routes of {} are in force as they stand there now", file);
        } catch (Exception e) {
            refused.put(file, text);
            LOG.error("{} was changed and cannot be used; its routes stay as they were: {}", file, reason(e));
        }
    }

    /** Makes a file's routes and starts them, all or none. Their ids get the suffix, since old ones still have theirs. */
    private List<String> start(Path file, String suffix) throws Exception {
        var definitions = parse(file);
        var started = new ArrayList<String>();
        try {
            for (var definition : definitions) {
                definition.setId(definition.getId() + suffix);
                if (camel.isStarted()) {
                    definition.setAutoStartup("false");
                }
                started.add(definition.getId());
                camel.addRouteDefinition(definition);
            }
            if (camel.isStarted()) {
                for (var routeId : started) {
                    camel.getRouteController().startRoute(routeId);
                }
            }
            return started;
        } catch (Exception e) {
            started.forEach(retirement::remove);
            throw e;
        }
    }

    private List<RouteDefinition> parse(Path file) throws Exception {
        var resource = PluginHelper.getResourceLoader(camel).resolveResource("file:" + file.toAbsolutePath());
        var definitions = new ArrayList<RouteDefinition>();
        for (var routes : PluginHelper.getRoutesLoader(camel).findRoutesBuilders(List.of(resource))) {
            if (routes instanceof RouteBuilder builder) {
                builder.setCamelContext(camel);
                builder.configure();
                for (var template : builder.getRouteTemplateCollection().getRouteTemplates()) {
                    camel.getCamelContextExtension()
                            .getContextPlugin(Model.class)
                            .removeRouteTemplateDefinitions(template.getId());
                }
                builder.prepareModel(camel);
                definitions.addAll(builder.getRouteCollection().getRoutes());
            }
        }
        return definitions;
    }

    private List<Path> files() {
        return Stream.of(folder, folder.resolve("custom"))
                .filter(Files::isDirectory)
                .flatMap(RouteFiles::list)
                .filter(file -> file.getFileName().toString().endsWith(SUFFIX))
                .sorted()
                .toList();
    }

    private static Stream<Path> list(Path directory) {
        try (var files = Files.list(directory)) {
            return files.toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The innermost message says most; its first two lines are what is wrong, and where. */
    private static String reason(Throwable thrown) {
        var cause = thrown;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage())
                .lines()
                .limit(2)
                .map(String::strip)
                .collect(Collectors.joining(" "));
    }
}

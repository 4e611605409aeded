package dev.caravan.camel;

import dev.caravan.reload.ConfigError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.RouteTemplateDefinition;
import org.jspecify.annotations.Nullable;

/**
 * Puts the routes of some files beside those that run, all or none: first they are made, which finds most of what is
 * wrong, and only then is anything of them used. For one use.
 */
final class RouteStart {

    /** A route that runs, and the file it is of. */
    record Started(Path file, String routeId, Set<String> offers) {}

    private final ModelCamelContext camel;
    private final RouteRetirement retirement;
    private final String suffix;
    private final List<RouteTemplateDefinition> templatesBefore;
    private final Map<RouteDefinition, RouteFile> made = new HashMap<>();
    private final List<RouteDefinition> inOrder = new ArrayList<>();
    private final List<Started> started = new ArrayList<>();
    private @Nullable RouteFile current;
    private @Nullable RouteDefinition currentRoute;

    /** @param suffix of the ids, since old routes of the same ids still run */
    RouteStart(ModelCamelContext camel, RouteRetirement retirement, String suffix) {
        this.camel = camel;
        this.retirement = retirement;
        this.suffix = suffix;
        this.templatesBefore = List.copyOf(camel.getRouteTemplateDefinitions());
    }

    /**
     * Makes and starts the routes.
     *
     * @param gone templates that are no longer wanted
     * @param offered what the routes in force serve: a route that serves something new is started before one that may call it
     * @param last what else has to go well, when all have started
     * @return what is wrong, if something is; then everything is as before
     */
    Optional<ConfigError> run(Collection<RouteFile> files, Set<String> gone, Set<String> offered, Runnable last) {
        try {
            for (var template : gone) {
                camel.removeRouteTemplateDefinitions(template);
            }
            for (var file : files) {
                make(file);
            }
            if (camel.isStarted()) {
                inOrder.sort(Comparator.comparing(
                        (RouteDefinition route) -> offered.containsAll(RouteOutline.offers(route.getInput()))));
                for (var route : inOrder) {
                    begin(route);
                }
            }
            current = null;
            last.run();
            return Optional.empty();
        } catch (Throwable e) {
            // An Error is as likely: a class that is missing, say.
            undo();
            if (e instanceof VirtualMachineError fatal && !(e instanceof StackOverflowError)) {
                throw fatal;
            }
            var file = current == null ? withTemplates(files) : current;
            return Optional.of(new RouteErrors(file.path(), file.text()).making(e, currentRoute));
        }
    }

    /** The routes that were made, with the ids they have now. */
    List<Started> started() {
        return started;
    }

    private void make(RouteFile file) throws Exception {
        current = file;
        currentRoute = null;
        for (var template : file.templates()) {
            camel.removeRouteTemplateDefinitions(template.getId());
        }
        file.prepare(camel);
        for (var route : file.routes()) {
            currentRoute = route;
            route.setId(route.getId() + suffix);
            var manual = "false".equals(route.getAutoStartup());
            if (camel.isStarted()) {
                route.setAutoStartup("false");
            }
            started.add(new Started(file.path(), route.getId(), RouteOutline.offers(route.getInput())));
            camel.addRouteDefinition(route);
            made.put(route, file);
            if (!manual) {
                inOrder.add(route);
            }
        }
        currentRoute = null;
    }

    private void begin(RouteDefinition route) throws Exception {
        current = made.get(route);
        currentRoute = route;
        camel.getRouteController().startRoute(route.getId());
        currentRoute = null;
    }

    /** Those that run already may have begun something: they finish it. */
    private void undo() {
        for (var route : started) {
            retirement.withdraw(route.routeId());
        }
        try {
            camel.removeRouteTemplateDefinitions("*");
            camel.addRouteTemplateDefinitions(templatesBefore);
        } catch (Exception e) {
            throw new IllegalStateException("route templates that were there before could not be put back", e);
        }
    }

    /** What goes wrong at last goes wrong with a template. */
    private static RouteFile withTemplates(Collection<RouteFile> files) {
        return files.stream()
                .filter(file -> !file.templates().isEmpty())
                .findFirst()
                .orElseGet(() -> files.iterator().next());
    }
}

package dev.caravan.camel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.camel.model.FromDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.model.WireTapDefinition;
import org.jspecify.annotations.Nullable;

/**
 * What the files of routes must agree on: names that may stand once only, and what one route wants of others.
 *
 * @param named everything that may be there once: routes, their paths and direct endpoints, templates
 * @param calls the direct endpoints that are called
 */
record RouteOutline(List<Named> named, List<Call> calls) {

    static final String DIRECT = "direct:";
    static final String TEMPLATE = "template ";
    private static final String DOOR = "platform-http:";
    private static final String EVERY_METHOD = "GET,HEAD,POST,PUT,PATCH,DELETE";

    /**
     * Something that may be there once.
     *
     * @param text as a person would say it, such as {@code route 'chat'} or {@code path 'GET /health'}
     */
    record Named(String key, String text, @Nullable Integer line) {}

    /** @param key of the endpoint, as in {@link Named} */
    record Call(String key, @Nullable Integer line) {}

    static RouteOutline of(RouteFile file) {
        var lines = new RouteLines(file.text().text());
        var named = new ArrayList<Named>();
        var calls = new ArrayList<Call>();
        for (var route : file.routes()) {
            var line = lineOf(route, lines);
            named.add(new Named("route " + route.getId(), "route '" + route.getId() + "'", line));
            offers(route.getInput()).forEach(key -> named.add(new Named(key, text(key), line)));
            calls.addAll(calls(route.getOutputs(), lines));
        }
        for (var template : file.templates()) {
            var key = TEMPLATE + template.getId();
            named.add(new Named(key, "route template '" + template.getId() + "'", lines.find(null, template.getId())));
            if (template.getRoute() != null) {
                calls.addAll(calls(template.getRoute().getOutputs(), lines));
            }
        }
        return new RouteOutline(named, calls);
    }

    /** The line of its id, or of what it begins with. */
    static @Nullable Integer lineOf(RouteDefinition route, RouteLines lines) {
        return lines.of(route, route.hasCustomIdAssigned() ? "id" : "from");
    }

    /** The paths and direct endpoints that a route serves, in which another route can take its place. */
    static Set<String> offers(@Nullable FromDefinition from) {
        var uri = from == null || from.getEndpointUri() == null ? "" : from.getEndpointUri();
        if (uri.startsWith(DIRECT)) {
            return uri.contains("{{") ? Set.of() : Set.of(direct(uri));
        }
        if (!uri.startsWith(DOOR)) {
            return Set.of();
        }
        var query = uri.indexOf('?');
        var path =
                uri.substring(DOOR.length(), query < 0 ? uri.length() : query).replaceFirst("^/*", "/");
        var options = query < 0 ? "" : uri.substring(query + 1);
        var prefix = "true".equals(option(options, "matchOnUriPrefix")) ? " and below" : "";
        var methods = option(options, "httpMethodRestrict");
        return Arrays.stream((methods == null ? EVERY_METHOD : methods.toUpperCase(Locale.ROOT)).split("(,|%2C)"))
                .map(method -> method.strip() + " " + path.replaceAll("\\{[^/}]+}", "{}") + prefix)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<Call> calls(List<ProcessorDefinition<?>> outputs, RouteLines lines) {
        var calls = new ArrayList<Call>();
        for (var step : RouteFile.steps(outputs)) {
            var uri = switch (step) {
                case ToDefinition to -> to.getEndpointUri();
                case WireTapDefinition<?> tap -> tap.getUri();
                default -> null;
            };
            if (uri != null
                    && uri.startsWith(DIRECT)
                    && !uri.contains("{{")
                    && !uri.contains("${")
                    && !"false".equals(option(uri, "failIfNoConsumers"))) {
                var name = direct(uri).substring(DIRECT.length());
                calls.add(new Call(direct(uri), lines.find(lines.of(step, step.getShortName()), name)));
            }
        }
        return calls;
    }

    private static String direct(String uri) {
        var query = uri.indexOf('?');
        return DIRECT
                + uri.substring(DIRECT.length(), query < 0 ? uri.length() : query)
                        .replaceFirst("^/*", "");
    }

    private static @Nullable String option(String query, String name) {
        return Arrays.stream(query.split("[?&]"))
                .filter(option -> option.startsWith(name + "="))
                .map(option -> option.substring(name.length() + 1))
                .findFirst()
                .orElse(null);
    }

    private static String text(String key) {
        return key.startsWith(DIRECT) ? "endpoint '" + key + "'" : "path '" + key + "'";
    }
}

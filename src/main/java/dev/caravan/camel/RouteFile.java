package dev.caravan.camel;

import dev.caravan.reload.FileText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.CircuitBreakerDefinition;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.RouteTemplateDefinition;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/**
 * A file of routes, read and not yet in force: Camel knows nothing of it before {@link #prepare}. Good for one use, since
 * Camel changes definitions when it makes routes of them.
 */
record RouteFile(
        Path path,
        FileText text,
        List<RouteBuilder> builders,
        List<RouteDefinition> routes,
        List<RouteTemplateDefinition> templates) {

    /** @throws Exception Camel's, of many kinds, if it is wrong: {@link RouteErrors} tells what it means */
    static RouteFile read(Path path, FileText text, ModelCamelContext camel) throws Exception {
        var resource = ResourceHelper.fromString("file:" + path.toAbsolutePath(), text.text());
        var file = new RouteFile(path, text, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (var routes : PluginHelper.getRoutesLoader(camel).findRoutesBuilders(List.of(resource))) {
            if (routes instanceof RouteBuilder builder) {
                builder.configureRoutes(camel);
                file.builders.add(builder);
                file.routes.addAll(builder.getRouteCollection().getRoutes());
                file.templates.addAll(builder.getRouteTemplateCollection().getRouteTemplates());
            }
        }
        return file;
    }

    /** Makes the file's templates, beans and the like known to Camel; its routes are not, yet. */
    void prepare(ModelCamelContext camel) throws Exception {
        for (var builder : builders) {
            builder.prepareModel(camel);
        }
    }

    /** Every step of some outputs, with those within others. */
    static List<ProcessorDefinition<?>> steps(List<ProcessorDefinition<?>> outputs) {
        var all = new ArrayList<ProcessorDefinition<?>>();
        @SuppressWarnings({"unchecked", "rawtypes"}) // Camel looks for a raw class
        var found = (Collection<ProcessorDefinition<?>>)
                (Collection) ProcessorDefinitionHelper.filterTypeInOutputs(outputs, ProcessorDefinition.class);
        for (var step : found) {
            all.add(step);
            if (step instanceof CircuitBreakerDefinition breaker && breaker.getOnFallback() != null) {
                all.addAll(steps(breaker.getOnFallback().getOutputs()));
            }
        }
        return all;
    }
}

package dev.caravan.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.catalog.RouteSpec;
import dev.caravan.provider.openai.OpenAiForm;
import dev.caravan.service.ServiceFiles;
import dev.caravan.service.ServiceSpec;

/** {@code GET /v1/services}: which services there are, what they take and what comes out of them. Thread-safe. */
public final class ServicesApi {

    private static final String DESCRIPTION = "description";

    private final ServiceFiles services;

    public ServicesApi(ServiceFiles services) {
        this.services = services;
    }

    /** Every service with its parameters, as a JSON Schema of them, and the schema of each result. */
    public Answer list() {
        var body = OpenAiForm.object().put("object", "list");
        var all = body.putArray("data");
        services.all().forEach(spec -> all.add(view(spec)));
        return new Answer.Ok(200, body);
    }

    private static ObjectNode view(ServiceSpec spec) {
        var view = OpenAiForm.object()
                .put("service_type", spec.name())
                .put("object", "service")
                .put(DESCRIPTION, spec.description());
        var parameters = view.putObject("parameters").put("type", "object");
        var properties = parameters.putObject("properties");
        properties
                .putObject(ServiceSpec.MODEL)
                .put(DESCRIPTION, "Who is asked: a model, a council, or a name that stands for a choice")
                .put("type", "string")
                .put("default", RouteSpec.AUTO);
        var required = parameters.putArray("required");
        for (var parameter : spec.parameters()) {
            var property = properties.putObject(parameter.name()).put(DESCRIPTION, parameter.description());
            property.setAll(parameter.schema().json());
            if (parameter.byDefault() != null) {
                property.set("default", parameter.byDefault());
            }
            if (parameter.required()) {
                required.add(parameter.name());
            }
        }
        parameters.put("additionalProperties", false);
        if (spec.resultBy() == null) {
            spec.results()
                    .values()
                    .forEach(result -> view.set("result", result.schema().json()));
        } else {
            view.put("result_by", spec.resultBy());
            var results = view.putObject("results");
            spec.results()
                    .forEach((name, result) -> results.set(name, result.schema().json()));
        }
        return view;
    }
}

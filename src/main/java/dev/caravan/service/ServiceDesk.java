package dev.caravan.service;

import dev.caravan.access.Identity;
import dev.caravan.catalog.Catalog;
import dev.caravan.chat.ChatError;
import dev.caravan.chat.ErrorCode;
import dev.caravan.plan.Admission;
import dev.caravan.plan.Ask;
import dev.caravan.provider.openai.ChatRequestReader;
import dev.caravan.provider.openai.OpenAiForm;
import java.util.stream.Collectors;

/** {@code POST /v1/services/{service}}: takes what callers want of services, by whatever door. Thread-safe. */
public final class ServiceDesk {

    /** What the paths of services begin with; a service's name follows. */
    public static final String PATH = "/v1/services/";

    private final ServiceFiles services;
    private final Admission admission;

    public ServiceDesk(ServiceFiles services, Admission admission) {
        this.services = services;
        this.admission = admission;
    }

    /** Whether a path is that of a service, be there one or not. */
    public static boolean isAt(String path) {
        return path.startsWith(PATH);
    }

    /** Admits what came to such a path, or refuses it. */
    public Ask admit(Ask.Arrival arrival, Catalog catalog, Identity identity, byte[] body) {
        var name = arrival.endpoint().substring(PATH.length());
        var spec = services.find(name);
        if (spec.isEmpty()) {
            return Ask.refused(arrival, catalog, identity, unknown(name));
        }
        var raw = OpenAiForm.raw(body);
        var said = OpenAiForm.tree(body);
        if (raw.isEmpty() || said == null) {
            // what is no JSON object is told of as everywhere
            return admission.admit(arrival, catalog, identity, ChatRequestReader.read(body));
        }
        return switch (Order.read(spec.get(), said, raw.get())) {
            case Order.Wrong(var error) -> Ask.refused(arrival, catalog, identity, error);
            case Order.Placed(var order) -> admit(arrival, catalog, identity, order);
        };
    }

    private Ask admit(Ask.Arrival arrival, Catalog catalog, Identity identity, Order order) {
        var provider = order.rest()
                .value("provider")
                .filter(json -> json.startsWith("\""))
                .map(json -> json.substring(1, json.length() - 1))
                .orElse(null);
        var answerers = new Answerers(catalog, order.model(), provider);
        var wording = new Wording(order, answerers.takeSchemas());
        var ask = admission.admit(arrival, catalog, identity, wording.reading());
        if (ask.isOpen()) {
            var window = answerers.contextWindow(order.spec().longDocuments().context());
            ask.isFor(new Errand(order, ask, wording, window));
        }
        return ask;
    }

    private ChatError unknown(String name) {
        return ChatError.of(
                        ErrorCode.NOT_FOUND,
                        "There is no service '" + name + "'; there are "
                                + services.all().stream().map(ServiceSpec::name).collect(Collectors.joining(", "))
                                + ".")
                .withParam("service_type");
    }
}

package dev.caravan.api;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.caravan.catalog.LiveCatalog;
import dev.caravan.chat.ChatError;
import dev.caravan.chat.ErrorCode;
import java.util.List;

/** {@code /v1/models}. Thread-safe. */
public final class ModelsApi {

    record ModelList(String object, List<ModelsView.Model> data) {}

    /** @param status {@code up}, {@code down}, {@code unknown} or {@code disabled}, as its first provider was last seen */
    record Card(@JsonUnwrapped ModelsView.Model model, String status) {}

    private final ModelsView models;
    private final LiveCatalog catalog;
    private final HealthApi health;

    public ModelsApi(LiveCatalog catalog, HealthApi health) {
        this.models = new ModelsView(catalog);
        this.catalog = catalog;
        this.health = health;
    }

    /** {@code GET /v1/models}. */
    public Answer list() {
        return new Answer.Ok(200, new ModelList("list", models.list()));
    }

    /** {@code GET /v1/models/{id}}; the id may hold {@code :} and {@code /}. */
    public Answer find(String id) {
        return models.find(id)
                .<Answer>map(model -> new Answer.Ok(200, new Card(model, status(model))))
                .orElseGet(() -> new Answer.Refused(ChatError.of(
                                ErrorCode.MODEL_NOT_FOUND,
                                "The model '" + id + "' does not exist; GET /v1/models lists those that do.")
                        .withParam("model")));
    }

    private String status(ModelsView.Model model) {
        var route = catalog.current().route(model.id());
        if (route != null) {
            return health.status(route);
        }
        return catalog.current().provider(model.provider()).map(health::status).orElse("unknown");
    }
}

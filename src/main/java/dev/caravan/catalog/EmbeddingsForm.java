package dev.caravan.catalog;

import dev.caravan.catalog.Council.Embeddings;
import java.util.List;
import java.util.Optional;

/** Reads which model's vectors tell a council what free texts are alike. No state. */
final class EmbeddingsForm {

    private static final String NAME = "embeddings";

    private EmbeddingsForm() {}

    /** A name, or {@code {model, alike}}; nothing where nothing is said, or something is wrong, which is told. */
    static Optional<Embeddings> read(Fields council, CouncilForm.Known known) {
        var member = council.members().get(NAME);
        if (member != null && member.value() instanceof Node.Mapping) {
            return council.section(NAME).map(at -> {
                at.only(List.of("model", "alike"));
                at.require("model");
                return new Embeddings(
                        at.has("model") ? model(at, "model", known) : "",
                        CouncilForm.positive(at, "alike", 1).orElse(Embeddings.USUALLY_ALIKE));
            });
        }
        return council.has(NAME) ? Optional.of(Embeddings.of(model(council, NAME, known))) : Optional.empty();
    }

    private static String model(Fields at, String field, CouncilForm.Known known) {
        var model = at.text(field);
        model.ifPresent(name -> {
            CouncilForm.check(at, field, name, known);
            if (known.council().test(name)) {
                at.wrong(field, council(name));
            }
        });
        return model.orElse("");
    }

    static String council(String name) {
        return "'" + name + "' is a council, and several models together have no vectors";
    }
}

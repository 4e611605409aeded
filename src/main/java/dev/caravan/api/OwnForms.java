package dev.caravan.api;

import dev.caravan.plan.Ask;
import java.util.List;
import java.util.Optional;

/** The endpoints with forms of their own, by their paths. Thread-safe. */
public record OwnForms(List<OwnForm> all) {

    public OwnForms {
        all = List.copyOf(all);
    }

    /** The form that an endpoint takes and gives; none if that is OpenAI's. */
    public Optional<OwnForm> at(String path) {
        return all.stream().filter(each -> each.path().equals(path)).findFirst();
    }

    /** The paths of these endpoints. */
    public List<String> paths() {
        return all.stream().map(OwnForm::path).toList();
    }

    /** What {@code ask} came to, in the form of the endpoint that it came to. */
    public ChatReply reply(Ask ask) {
        return at(ask.arrival().endpoint()).map(form -> form.reply(ask)).orElseGet(() -> ChatReply.of(ask));
    }
}

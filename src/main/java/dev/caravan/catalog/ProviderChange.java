package dev.caravan.catalog;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/** What happened to one provider between two catalogs. */
public sealed interface ProviderChange {

    record Added(ProviderSpec after) implements ProviderChange {}

    /** The same provider (by id) with other settings; its name may have changed too. */
    record Changed(ProviderSpec before, ProviderSpec after) implements ProviderChange {}

    record Removed(ProviderSpec before) implements ProviderChange {}

    /** What changed from one catalog to the next; nothing for a provider that stayed as it was. */
    static List<ProviderChange> between(Catalog before, Catalog after) {
        var gone = new HashMap<Integer, ProviderSpec>();
        before.providers().forEach(spec -> gone.put(spec.id(), spec));
        var changes = new ArrayList<ProviderChange>();
        for (var spec : after.providers()) {
            var old = gone.remove(spec.id());
            if (old == null) {
                changes.add(new Added(spec));
            } else if (!old.equals(spec)) {
                changes.add(new Changed(old, spec));
            }
        }
        gone.values().forEach(spec -> changes.add(new Removed(spec)));
        return changes;
    }
}

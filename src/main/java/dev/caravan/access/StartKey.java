package dev.caravan.access;

import dev.caravan.catalog.Secret;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A key that comes from the environment or else from a file of the data folder. */
final class StartKey {

    private StartKey() {}

    static <T> Startup<T> find(
            String variable, Function<String, @Nullable String> lookup, Path file, Function<Secret, T> use) {
        var given = lookup.apply(variable);
        if (given != null && isSet(given)) {
            return new Startup.Ready<>(use.apply(new Secret(given.strip())));
        }
        if (Stream.of("CARAVAN_DB_URL", "caravan.db-url").anyMatch(name -> isSet(lookup.apply(name)))) {
            return new Startup.Refused<>("CARAVAN_DB_URL is set, so " + variable
                    + " must be set too, to the same text on every instance that shares the database.");
        }
        return switch (KeyFile.readOrMake(file)) {
            case Startup.Ready<Secret>(var key) -> new Startup.Ready<>(use.apply(key));
            case Startup.Refused<Secret>(var sentence) -> new Startup.Refused<>(sentence);
        };
    }

    private static boolean isSet(@Nullable String value) {
        return value != null && !value.isBlank();
    }
}

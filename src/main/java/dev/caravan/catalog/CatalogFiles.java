package dev.caravan.catalog;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads {@code providers.yaml}, {@code models.yaml} and {@code prices.yaml} of a folder, and the environment. */
public final class CatalogFiles {

    /** What came of reading. */
    public sealed interface Result permits Values, Wrong {}

    /** The files are right. A file that is not there says nothing. */
    public record Values(List<Given> providers, List<ModelSpec> models, Prices prices) implements Result {

        public Values {
            providers = List.copyOf(providers);
            models = List.copyOf(models);
        }
    }

    /** The files are wrong, in at least one place. */
    public record Wrong(List<ConfigError> errors) implements Result {}

    /** A provider, and whether the file or the environment gave it. */
    public record Given(ProviderSettings settings, ProviderSource source) {}

    private CatalogFiles() {}

    /**
     * Reads the three files. {@code ${NAME}} and {@code ${NAME:default}} in a value stand for what {@code lookup} knows
     * by that name. With {@code BASE_URL} set there is a provider {@code default} too.
     */
    public static Result read(Path configDir, Function<String, @Nullable String> lookup) {
        throw new UnsupportedOperationException();
    }
}

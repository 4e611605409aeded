package dev.caravan.catalog;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The providers as all instances share them. Thread-safe. Every method may throw an unchecked exception of the data
 * access while the database is away.
 */
public interface ProviderStore {

    /**
     * One provider that was ever seen.
     *
     * @param own its settings, if the admin API made or changed it; null: as in the file
     */
    record Row(
            int id, String name, Instant created, @Nullable ProviderSettings own) {}

    /** All rows, by id, and a version at least as old as they are. */
    record Rows(long version, List<Row> rows) {}

    /** Grows with every change of a row. */
    long version();

    /** Every row, after rows were made for those of {@code names} that had none. */
    Rows load(Collection<String> names);

    /** Makes one change, if the rows are still at {@code version}; false if somebody else was faster. */
    boolean write(long version, ProviderWrite write);
}

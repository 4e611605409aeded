package dev.caravan.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.access.MasterKey;
import dev.caravan.catalog.ProviderForm;
import dev.caravan.catalog.ProviderSettings;
import dev.caravan.catalog.ProviderStore;
import dev.caravan.catalog.ProviderWrite;
import dev.caravan.catalog.Secret;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashSet;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.transaction.support.TransactionOperations;

/** The tables {@code provider} and {@code provider_version}. Providers' keys are encrypted. Thread-safe. */
public final class ProviderTable implements ProviderStore {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final JdbcClient sql;
    private final TransactionOperations transactions;
    private final MasterKey masterKey;
    private final Clock clock;

    public ProviderTable(JdbcClient sql, TransactionOperations transactions, MasterKey masterKey, Clock clock) {
        this.sql = sql;
        this.transactions = transactions;
        this.masterKey = masterKey;
        this.clock = clock;
    }

    @Override
    public long version() {
        return sql.sql("SELECT version FROM provider_version").query(Long.class).single();
    }

    @Override
    public Rows load(Collection<String> names) {
        var found = load();
        while (isMissing(names, found)) {
            insertMissing(names, found);
            found = load();
        }
        return found;
    }

    @Override
    public boolean write(long version, ProviderWrite write) {
        return inTransaction(version, () -> {
            switch (write) {
                case ProviderWrite.Create(var settings) -> create(settings);
                case ProviderWrite.Put(var id, var settings) -> put(id, settings);
                case ProviderWrite.Reset(var id) ->
                    sql.sql("UPDATE provider SET settings = NULL, api_key = NULL WHERE id = :id")
                            .param("id", id)
                            .update();
                case ProviderWrite.Delete(var id) ->
                    sql.sql("DELETE FROM provider WHERE id = :id")
                            .param("id", id)
                            .update();
            }
        });
    }

    /** The version is read first: if a change comes between, the next look finds it. */
    private Rows load() {
        var version = version();
        return new Rows(
                version,
                sql.sql("SELECT id, name, created, settings, api_key FROM provider ORDER BY id")
                        .query((row, _) -> row(row))
                        .list());
    }

    private static boolean isMissing(Collection<String> names, Rows found) {
        return !found.rows().stream().map(Row::name).toList().containsAll(names);
    }

    private void insertMissing(Collection<String> names, Rows found) {
        var known = new HashSet<>(found.rows().stream().map(Row::name).toList());
        inTransaction(
                found.version(),
                () -> names.stream()
                        .filter(known::add)
                        .forEach(name -> sql.sql("INSERT INTO provider (name, created) VALUES (:name, :created)")
                                .param("name", name)
                                .param("created", now())
                                .update()));
    }

    /** Runs {@code changes} if the version is still this one: counting it up locks out everybody else. */
    private boolean inTransaction(long version, Runnable changes) {
        return Boolean.TRUE.equals(transactions.execute(_ -> {
            var counted = sql.sql("UPDATE provider_version SET version = version + 1 WHERE version = :version")
                    .param("version", version)
                    .update();
            if (counted == 1) {
                changes.run();
            }
            return counted == 1;
        }));
    }

    /** A name may have a row without settings, from a file that named it once: this row is used again. */
    private void create(ProviderSettings settings) {
        var reused = withSettings("""
                        UPDATE provider SET settings = :settings, api_key = :key
                        WHERE name = :name AND settings IS NULL""", settings).update();
        if (reused == 0) {
            withSettings("""
                            INSERT INTO provider (name, created, settings, api_key)
                            VALUES (:name, :created, :settings, :key)""", settings).param("created", now()).update();
        }
    }

    private void put(int id, ProviderSettings settings) {
        sql.sql("DELETE FROM provider WHERE name = :name AND id <> :id AND settings IS NULL")
                .param("name", settings.name())
                .param("id", id)
                .update();
        withSettings("UPDATE provider SET name = :name, settings = :settings, api_key = :key WHERE id = :id", settings)
                .param("id", id)
                .update();
    }

    private StatementSpec withSettings(String statement, ProviderSettings settings) {
        var key = settings.apiKey();
        return sql.sql(statement)
                .param("name", settings.name())
                .param("settings", json(settings))
                .param("key", key == null ? null : masterKey.seal(key), Types.VARBINARY);
    }

    private OffsetDateTime now() {
        return OffsetDateTime.now(clock.withZone(ZoneOffset.UTC));
    }

    private Row row(ResultSet row) throws SQLException {
        var name = row.getString("name");
        var created = row.getObject("created", OffsetDateTime.class).toInstant();
        var settings = row.getString("settings");
        var own = settings == null ? null : settings(name, settings, row.getBytes("api_key"));
        return new Row(row.getInt("id"), name, created, own);
    }

    private ProviderSettings settings(String name, String json, byte @Nullable [] sealed) {
        return switch (ProviderForm.create(json.getBytes(StandardCharsets.UTF_8))) {
            case ProviderForm.Filled.Right(var settings) ->
                settings.withApiKey(sealed == null ? null : key(name, sealed));
            case ProviderForm.Filled.Wrong(var error) ->
                throw new IllegalStateException(
                        "The stored settings of provider '" + name + "' cannot be read: " + error.message());
        };
    }

    private Secret key(String name, byte[] sealed) {
        return masterKey
                .open(sealed)
                .orElseThrow(() -> new IllegalStateException("The stored key of provider '" + name
                        + "' was encrypted under another master key: start with that CARAVAN_MASTER_KEY (or master.key)"
                        + " again."));
    }

    private static String json(ProviderSettings settings) {
        try {
            return JSON.writeValueAsString(ProviderForm.fields(settings));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts, numbers and lists can be written", e);
        }
    }
}

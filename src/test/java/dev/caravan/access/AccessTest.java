package dev.caravan.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.catalog.Secret;
import dev.caravan.chat.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccessTest {

    private static final Secret ADMIN = new Secret("the-admin-key");
    private static final Function<String, @Nullable String> UNSET = _ -> null;

    private final AccessKeys closed =
            new AccessKeys(AccessKeys.clientKeys(Map.of("CARAVAN_API_KEYS", " one, two ,,")::get), ADMIN, true);
    private final AccessKeys open = new AccessKeys(List.of(), ADMIN, false);

    @TempDir
    Path data;

    @Test
    @DisplayName("C1 a client key is taken as Bearer and as X-API-Key, and named by its hash")
    void clientKeys() {
        var name = name(closed.client("Bearer one", null));

        assertThat(name).matches("key-[0-9a-f]{8}");
        assertThat(name(closed.client(null, "one"))).isEqualTo(name);
        assertThat(name(closed.client("bearer  one ", null))).isEqualTo(name);
        assertThat(name(closed.client("Bearer two", "wrong"))).isNotEqualTo(name);
        assertThat(closed.toString()).doesNotContain("one");
    }

    @Test
    @DisplayName("C1 no key and a wrong key are 401, with what to send")
    void unauthorized() {
        assertThat(code(closed.client(null, null))).isEqualTo(ErrorCode.UNAUTHORIZED);
        assertThat(code(closed.client("Bearer three", ""))).isEqualTo(ErrorCode.UNAUTHORIZED);
        assertThat(code(closed.client("Basic one", null))).isEqualTo(ErrorCode.UNAUTHORIZED);
        assertThat(code(closed.admin(null, null))).isEqualTo(ErrorCode.UNAUTHORIZED);
        assertThat(code(open.admin("Bearer anything", null))).isEqualTo(ErrorCode.UNAUTHORIZED);
    }

    @Test
    @DisplayName("C1 the admin key opens both kinds of endpoints, a client key only the one: 403")
    void adminKey() {
        assertThat(name(closed.admin("Bearer the-admin-key", null))).isEqualTo("admin");
        assertThat(name(closed.admin(null, "the-admin-key"))).isEqualTo("admin");
        assertThat(name(closed.admin("Bearer one", "the-admin-key"))).isEqualTo("admin");
        assertThat(name(closed.client("Bearer the-admin-key", null))).isEqualTo("admin");
        assertThat(code(closed.admin("Bearer one", null))).isEqualTo(ErrorCode.FORBIDDEN);
    }

    @Test
    @DisplayName("Open mode: any key or none is accepted, until a key was configured once")
    void openMode() {
        assertThat(open.open()).isTrue();
        assertThat(name(open.client(null, null))).isEqualTo("anonymous");
        assertThat(name(open.client("Bearer whatever", null))).isEqualTo("anonymous");

        var revoked = new AccessKeys(List.of(), ADMIN, true);
        assertThat(revoked.open()).isFalse();
        assertThat(code(revoked.client("Bearer one", null))).isEqualTo(ErrorCode.UNAUTHORIZED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "192.0.2.1", "::"})
    @DisplayName("Open mode: an address that others can reach refuses the start")
    void refusesToListen(String host) {
        assertThat(ListenPolicy.host(true, host)).isInstanceOf(Startup.Refused.class);
        assertThat(ListenPolicy.host(false, host)).isEqualTo(new Startup.Ready<>(host));
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost", "::1"})
    @DisplayName("Open mode: this machine's own address is allowed")
    void listens(String host) {
        assertThat(ListenPolicy.host(true, host)).isEqualTo(new Startup.Ready<>(host));
    }

    @Test
    @DisplayName("Open mode: without SERVER_HOST it is 127.0.0.1, with keys 0.0.0.0")
    void defaultHosts() {
        assertThat(ListenPolicy.host(true, null)).isEqualTo(new Startup.Ready<>("127.0.0.1"));
        assertThat(ListenPolicy.host(false, "")).isEqualTo(new Startup.Ready<>("0.0.0.0"));
    }

    @Test
    @DisplayName("Open mode: the admin key is made once, in a file that only its owner reads")
    void makesTheAdminKey() throws IOException {
        var folder = data.resolve("new");
        var made = AccessKeys.adminKey(UNSET, folder);
        var file = folder.resolve("admin.key");

        assertThat(made)
                .isEqualTo(new Startup.Ready<>(new Secret(Files.readString(file).strip())));
        assertThat(AccessKeys.adminKey(UNSET, folder)).isEqualTo(made);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(folder).isDirectoryContaining(file::equals).isDirectoryNotContaining(path -> !path.equals(file));
        assertThat(AccessKeys.adminKey(Map.of("CARAVAN_ADMIN_KEY", "given")::get, folder))
                .isEqualTo(new Startup.Ready<>(new Secret("given")));
    }

    @Test
    @DisplayName("Open mode: with a shared database master and admin key have to be given")
    void sharedDatabase() {
        for (var name : List.of("CARAVAN_DB_URL", "caravan.db-url")) {
            Function<String, @Nullable String> shared = Map.of(name, "jdbc:postgresql://h/db")::get;

            assertThat(AccessKeys.adminKey(shared, data))
                    .isInstanceOfSatisfying(
                            Startup.Refused.class,
                            no -> assertThat(no.sentence()).contains("CARAVAN_ADMIN_KEY must be set"));
            assertThat(MasterKey.find(shared, data))
                    .isInstanceOfSatisfying(
                            Startup.Refused.class,
                            no -> assertThat(no.sentence()).contains("CARAVAN_MASTER_KEY must be set"));
        }
        assertThat(data).isEmptyDirectory();
    }

    @Test
    @DisplayName("C6 the same text is sealed differently each time, and opened by the same master key only")
    void seals() {
        var key = new MasterKey(new Secret("one"));
        var secret = new Secret("sk-0123456789");
        var sealed = key.seal(secret);

        assertThat(sealed).isNotEqualTo(key.seal(secret));
        assertThat(new MasterKey(new Secret("one")).open(sealed)).hasValue(secret);
        assertThat(new MasterKey(new Secret("two")).open(sealed)).isEmpty();
        sealed[sealed.length - 1] ^= 1;
        assertThat(key.open(sealed)).isEmpty();
    }

    private static String name(Access access) {
        assertThat(access).isInstanceOf(Access.Granted.class);
        return ((Access.Granted) access).identity().name();
    }

    private static ErrorCode code(Access access) {
        assertThat(access).isInstanceOf(Access.Denied.class);
        return ((Access.Denied) access).error().code();
    }
}

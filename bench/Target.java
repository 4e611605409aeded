package bench;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/**
 * Something that answers chat completions.
 *
 * @param name its name in the report
 * @param url its base url, with {@code /v1}
 * @param headers whole header lines that it needs
 * @param pid its process; 0 if unknown
 * @param counted whether each of its requests must reach the mock upstream
 */
record Target(String name, URI url, List<String> headers, long pid, boolean counted) {

    static final String DIRECT = "direct";

    static Target local(String name, int port, String key, long pid) {
        return new Target(name, url(port), List.of("Authorization: Bearer " + key), pid, true);
    }

    static Target simulator(int port, long pid) {
        return new Target("simulator", url(port), List.of(), pid, false);
    }

    static Target other(Options options) {
        var headers = new ArrayList<>(options.headers());
        headers.add("Authorization: Bearer " + options.key());
        return new Target("other", options.against().orElseThrow(), headers, options.pid(), true);
    }

    /** Whether this is the mock upstream itself, with no gateway between. */
    boolean isUpstream() {
        return name.equals(DIRECT);
    }

    Plan plan(Case what, int seconds, long firstMark) {
        return new Plan(
                url.getHost(),
                url.getPort() < 0 ? 80 : url.getPort(),
                url.getPath() + "/chat/completions",
                headers,
                counted ? what.model() : "sim-echo",
                what.script().streams(),
                counted ? what.script().marks() : 1,
                what.promptBytes(),
                what.connections(),
                what.perSecond(),
                what.script().millis(),
                seconds,
                firstMark);
    }

    private static URI url(int port) {
        return URI.create("http://127.0.0.1:" + port + "/v1");
    }
}

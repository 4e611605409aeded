package bench;

import dev.caravan.door.Door;
import dev.caravan.door.DoorOptions;
import dev.caravan.door.DoorReply;
import dev.caravan.door.DoorRequest;
import java.io.IOException;
import java.util.Map;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;

/** What a gateway costs that passes each request on with another key: no Camel, no JSON, no log. */
final class Reference {

    private static final ContentType JSON = ContentType.APPLICATION_JSON;

    private final HttpHost upstream;
    private final CloseableHttpClient client = HttpClients.custom()
            .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                    .setMaxConnPerRoute(10_000)
                    .setMaxConnTotal(10_000)
                    .build())
            .disableAuthCaching()
            .disableAutomaticRetries()
            .disableConnectionState()
            .disableContentCompression()
            .disableCookieManagement()
            .disableRedirectHandling()
            .build();

    private Reference(HttpHost upstream) {
        this.upstream = upstream;
    }

    public static void main(String... args) throws IOException {
        var reference = new Reference(new HttpHost("http", "127.0.0.1", Integer.parseInt(args[0])));
        var door = Door.open(
                DoorOptions.loopback(0),
                reference::pass,
                (error, requestId) -> error.message().getBytes());
        System.out.println(door.port());
        while (System.in.read() >= 0) {
            // Serves until the bench ends.
        }
        System.exit(0);
    }

    private void pass(DoorRequest request, DoorReply reply) {
        var post = new HttpPost(request.path());
        post.setHeader("Authorization", "Bearer sk-mock");
        post.setEntity(new ByteArrayEntity(request.body(), JSON));
        try (var response = client.executeOpen(upstream, post, null)) {
            var type = response.getFirstHeader("content-type").getValue();
            if (type.startsWith("text/event-stream")) {
                stream(response, type, reply);
            } else {
                var body = EntityUtils.toByteArray(response.getEntity());
                reply.send(response.getCode(), Map.of("content-type", type), body);
            }
        } catch (IOException e) {
            reply.send(502, Map.of(), e.toString().getBytes());
        }
    }

    private static void stream(ClassicHttpResponse response, String type, DoorReply reply) throws IOException {
        reply.begin(response.getCode(), Map.of("content-type", type));
        var buffer = new byte[8192];
        var body = response.getEntity().getContent();
        for (var read = body.read(buffer); read >= 0; read = body.read(buffer)) {
            reply.write(buffer, 0, read);
        }
        reply.end();
    }
}

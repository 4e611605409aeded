package dev.caravan.http;

import dev.caravan.testing.RunningBroker;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A client that reads a stream line by line as it comes, and can go away in the middle. */
final class StreamClient implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 10_000;

    private final Socket socket;
    private final BufferedReader in;
    private String requestId = "";
    private int status;
    private int comments;

    private StreamClient(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Sends a chat request to the shared broker, and does not wait for anything. */
    static StreamClient ask(String json) throws IOException {
        return ask(RunningBroker.shared(), json);
    }

    /** The same for another broker. */
    static StreamClient ask(RunningBroker asked, String json) throws IOException {
        var broker = URI.create(asked.url());
        var socket = new Socket(broker.getHost(), broker.getPort());
        socket.setSoTimeout(PATIENCE_MILLIS);
        var client = new StreamClient(socket);
        socket.getOutputStream()
                .write(("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nx-request-id: " + client.ownId()
                                + "\r\nAuthorization: Bearer " + RunningBroker.CLIENT_KEY + "\r\nContent-Length: "
                                + json.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + json)
                        .getBytes(StandardCharsets.UTF_8));
        return client;
    }

    private String ownId() {
        requestId = "stream-" + socket.getLocalPort() + "-" + System.nanoTime();
        return requestId;
    }

    String requestId() {
        return requestId;
    }

    /** Reads the head; gives the status. */
    int status() throws IOException {
        if (status == 0) {
            status = Integer.parseInt(in.readLine().split(" ")[1]);
            while (!in.readLine().isEmpty()) {
                // headers
            }
        }
        return status;
    }

    /** The data of the next event; empty at the end of the stream. */
    String event() throws IOException {
        status();
        for (var line = in.readLine(); line != null; line = in.readLine()) {
            if (line.startsWith("data: ")) {
                return line.substring(6);
            }
            if (line.startsWith(":")) {
                comments++;
            }
            if (line.equals("0")) {
                return "";
            }
            if (line.toLowerCase(Locale.ROOT).startsWith("http/1.1")) {
                throw new IllegalStateException("another response");
            }
        }
        return "";
    }

    /** How many comments stood before and between the events that were read. */
    int comments() {
        return comments;
    }

    /** All events that are left. */
    List<String> events() throws IOException {
        var events = new ArrayList<String>();
        for (var event = event(); !event.isEmpty(); event = event()) {
            events.add(event);
        }
        return events;
    }

    /** Goes away. */
    @Override
    public void close() throws IOException {
        socket.close();
    }
}

package dev.caravan.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A port that leads to another one, until the connection is cut: then all end at once, and new ones are refused. */
final class Breakable implements AutoCloseable {

    private final int to;
    private final int port;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile ServerSocket listener;

    Breakable(int to) {
        this.to = to;
        this.listener = listen(0);
        this.port = listener.getLocalPort();
    }

    int port() {
        return port;
    }

    /** Nothing gets through any more. */
    void cut() {
        quietly(listener);
        open.forEach(Breakable::quietly);
        open.clear();
    }

    /** Everything gets through again. */
    void mend() {
        listener = listen(port);
    }

    @Override
    public void close() {
        cut();
    }

    private ServerSocket listen(int at) {
        try {
            var socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), at));
            Thread.ofVirtual().start(() -> accept(socket));
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept(ServerSocket at) {
        while (!at.isClosed()) {
            try {
                var from = at.accept();
                var other = new Socket(InetAddress.getLoopbackAddress(), to);
                open.add(from);
                open.add(other);
                Thread.ofVirtual().start(() -> pass(from, other));
                Thread.ofVirtual().start(() -> pass(other, from));
            } catch (IOException e) {
                // cut
            }
        }
    }

    private void pass(Socket from, Socket into) {
        try (from;
                into) {
            from.getInputStream().transferTo(into.getOutputStream());
        } catch (IOException e) {
            // cut
        } finally {
            open.remove(from);
            open.remove(into);
        }
    }

    private static void quietly(AutoCloseable each) {
        try {
            each.close();
        } catch (Exception e) {
            // it is closed all the same
        }
    }
}

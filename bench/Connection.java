package bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** One client: it sends a request, reads the answer, and only then sends the next. */
final class Connection {

    /** What came of looking at the socket. */
    enum Progress {
        NOTHING,
        FIRST_TOKEN,
        COMPLETE,
        LOST
    }

    private final Plan plan;
    private final Selector selector;
    private final Question question;
    private final Reply reply = new Reply();
    private SocketChannel channel;
    private SelectionKey key;
    private ByteBuffer unsent;
    private boolean begun;
    private boolean waiting;
    long mark;
    long askedAt;

    Connection(Plan plan, Selector selector) throws IOException {
        this.plan = plan;
        this.selector = selector;
        this.question = new Question(plan);
        connect();
    }

    void connect() throws IOException {
        channel = SocketChannel.open(new InetSocketAddress(plan.host(), plan.port()));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        key = channel.register(selector, SelectionKey.OP_READ, this);
    }

    /** Asks, and counts the time from then. */
    void ask(long number, long since) throws IOException {
        mark = number;
        reply.clear();
        begun = false;
        waiting = true;
        unsent = question.ask(number);
        askedAt = since;
        send();
    }

    /** Sends what is left to send and reads what has come. */
    Progress progress(ByteBuffer buffer) throws IOException {
        if (key.isWritable()) {
            send();
        }
        if (!key.isReadable()) {
            return Progress.NOTHING;
        }
        buffer.clear();
        if (channel.read(buffer) < 0) {
            close();
            return Progress.LOST;
        }
        if (reply.complete(buffer.flip())) {
            waiting = false;
            return Progress.COMPLETE;
        }
        if (!begun && reply.holdsText()) {
            begun = true;
            return Progress.FIRST_TOKEN;
        }
        return Progress.NOTHING;
    }

    /** Whether the first text of this answer came before its end. */
    boolean begun() {
        return begun;
    }

    /** Whether an answer is yet to come. */
    boolean waiting() {
        return waiting;
    }

    Reply reply() {
        return reply;
    }

    void close() throws IOException {
        key.cancel();
        channel.close();
    }

    private void send() throws IOException {
        channel.write(unsent);
        var wanted = unsent.hasRemaining() ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ;
        if (key.interestOps() != wanted) {
            key.interestOps(wanted);
        }
    }
}

package dev.caravan.door;

import dev.caravan.chat.Cancellation;
import dev.caravan.door.Arrival.Complete;
import dev.caravan.door.Arrival.Refused;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection: has its requests answered one after the other. Everything that is not said to be for any thread
 * happens on the connection's event loop.
 *
 * <p>It goes on reading while a request is being answered, or it would not see the client leave. What a client sends ahead
 * waits here, and only when that has become much does the reading stop until some of it is answered.
 */
final class DoorChannel extends ChannelInboundHandlerAdapter {

    private static final System.Logger LOG = System.getLogger(DoorChannel.class.getName());

    /** Bytes of requests sent ahead at which reading stops; together with one body still being read, this bounds memory. */
    private static final int MUCH = 64 * 1024;
    /** How long a refused client may go on sending, so that it finds our answer rather than a reset connection. */
    private static final int LINGER_SECONDS = 5;

    private final SocketChannel channel;
    private final Traffic traffic;
    private final Service service;
    private final RequestReader reader;
    private final Queue<Arrival> waiting = new ArrayDeque<>(2);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition outletChanged = lock.newCondition();
    private int waitingBytes;
    private @Nullable NettyReply current;
    private boolean closing;

    DoorChannel(SocketChannel channel, Service service, RequestReader reader) {
        this.channel = channel;
        this.service = service;
        this.traffic = service.traffic();
        this.reader = reader;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        traffic.arrived(this);
        if (traffic.isDraining()) {
            channel.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        closing = true;
        waiting.clear();
        cancelCurrent(Cancellation.Reason.CLIENT_GONE);
        signalOutlet();
        traffic.left(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object piece) {
        try {
            Arrival arrival = closing ? null : reader.read((HttpObject) piece);
            if (arrival != null) {
                waiting.add(arrival);
                waitingBytes += arrival.weight();
            }
            advance();
        } finally {
            ReferenceCountUtil.release(piece);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        signalOutlet();
        advance();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // An IOException is how a connection reports that the client has broken it off.
        if (!(cause instanceof IOException)) {
            LOG.log(Level.ERROR, "A connection failed", cause);
        }
        channel.close();
    }

    /** For any thread. */
    boolean isDraining() {
        return traffic.isDraining();
    }

    /** For any thread. */
    boolean isOpen() {
        return channel.isActive();
    }

    /** Sends a part of the current reply. For any thread; false if the client is gone. */
    boolean write(HttpObject part) {
        boolean open = isOpen();
        if (open) {
            channel.writeAndFlush(part, channel.voidPromise());
        }
        return open;
    }

    /** Waits until the client has read enough of what it was sent. For any thread; false if the client is gone. */
    boolean awaitWritable() {
        if (channel.isWritable()) {
            return true;
        }
        lock.lock();
        try {
            while (isOpen() && !channel.isWritable()) {
                outletChanged.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
        return isOpen();
    }

    /** Sends the last part of a reply and goes on to the next request. For any thread. */
    void finish(NettyReply reply, Object last) {
        onLoop(() -> {
            if (current != reply) {
                ReferenceCountUtil.release(last);
                return;
            }
            current = null;
            boolean leaving = traffic.isDraining() && waiting.isEmpty() && !reader.isMidRequest();
            if (!reply.isKeepAlive() || leaving) {
                closeAfter(last);
            } else {
                channel.writeAndFlush(last, channel.voidPromise());
                advance();
            }
        });
    }

    /** Breaks the connection off in the middle of a reply. For any thread. */
    void abort(NettyReply reply) {
        onLoop(() -> {
            if (current != reply) {
                return;
            }
            current = null;
            closing = true;
            if (reply.isUntilClose() && channel.isActive()) {
                // A plain close would pass for the body's end; a reset does not.
                channel.config().setSoLinger(0);
                channel.close();
            } else if (channel.isWritable()) {
                channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
            } else {
                channel.close();
            }
        });
    }

    /** Closes the connection now if nothing is going on there, and otherwise after that. For any thread. */
    void leaveWhenIdle() {
        onLoop(() -> {
            if (!closing && current == null && waiting.isEmpty() && !reader.isMidRequest()) {
                closeAfter(Unpooled.EMPTY_BUFFER);
            }
        });
    }

    /** Tells the request being answered that it is not wanted any more. For any thread. */
    void cancel(Cancellation.Reason why) {
        onLoop(() -> cancelCurrent(why));
    }

    /** For any thread. */
    void close() {
        channel.close();
    }

    private void advance() {
        while (!closing && current == null && channel.isWritable() && !waiting.isEmpty()) {
            Arrival next = waiting.remove();
            waitingBytes -= next.weight();
            switch (next) {
                case Refused refused -> closeAfter(service.response(refused));
                case Complete complete -> serve(complete.request());
            }
        }
        if (!closing && current == null && waiting.isEmpty() && reader.isContinueAwaited()) {
            reader.continued();
            channel.writeAndFlush(
                    new DefaultFullHttpResponse(
                            HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER),
                    channel.voidPromise());
        }
        boolean reading = closing || waitingBytes < MUCH;
        if (channel.config().isAutoRead() != reading) {
            channel.config().setAutoRead(reading);
        }
    }

    private void serve(DoorRequest request) {
        if (traffic.isDraining()) {
            closeAfter(service.response(service.stopping(request)));
            return;
        }
        NettyReply reply = new NettyReply(this, request);
        current = reply;
        service.start(request, reply);
    }

    /** Sends the connection's last response. Where the client may still be sending, it is read out and ignored. */
    private void closeAfter(Object last) {
        closing = true;
        boolean unread = reader.isMidRequest() || !waiting.isEmpty();
        waiting.clear();
        waitingBytes = 0;
        channel.config().setAutoRead(true);
        ChannelFuture sent = channel.writeAndFlush(last);
        if (unread) {
            sent.addListener(done -> {
                channel.shutdownOutput();
                channel.eventLoop().schedule(() -> channel.close(), LINGER_SECONDS, TimeUnit.SECONDS);
            });
        } else {
            sent.addListener(ChannelFutureListener.CLOSE);
        }
    }

    private void cancelCurrent(Cancellation.Reason why) {
        NettyReply reply = current;
        if (reply == null) {
            return;
        }
        try {
            reply.cancellation().cancel(why);
        } catch (RuntimeException bug) {
            LOG.log(Level.ERROR, "Letting go of a request failed", bug);
        }
    }

    private void signalOutlet() {
        lock.lock();
        try {
            outletChanged.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void onLoop(Runnable step) {
        try {
            channel.eventLoop().execute(step);
        } catch (RejectedExecutionException e) {
            // The event loops end only after every connection is closed: the step has nothing left to act on.
            LOG.log(Level.DEBUG, "A connection was closed with its door", e);
        }
    }
}

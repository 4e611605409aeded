package dev.caravan.door;

import dev.caravan.chat.Cancellation;
import dev.caravan.door.Arrival.Complete;
import dev.caravan.door.Arrival.Refused;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import java.lang.System.Logger.Level;
import java.util.concurrent.RejectedExecutionException;
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

    private final SocketChannel channel;
    private final Traffic traffic;
    private final Service service;
    private final StrictDecoder decoder;
    private final RequestReader reader;
    private final Ahead ahead;
    private final Patience patience;
    private final Outlet outlet;
    private @Nullable NettyReply current;
    private boolean closing;

    DoorChannel(SocketChannel channel, Service service, StrictDecoder decoder, RequestReader reader) {
        this.channel = channel;
        this.service = service;
        this.traffic = service.traffic();
        this.decoder = decoder;
        this.reader = reader;
        this.ahead = new Ahead(traffic);
        this.patience = new Patience(service.options().limits());
        this.outlet = new Outlet(channel);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        DoorLimits limits = service.options().limits();
        long beyond = (long) traffic.arrived(this) - limits.connections();
        if (traffic.isDraining()) {
            channel.close();
        } else if (beyond > limits.toldConnections()) {
            service.tally().count(RefusalReason.TOO_MANY_CONNECTIONS);
            Farewell.reset(channel);
        } else if (beyond > 0) {
            reader.refuseAll(Objection.TOO_MANY_CONNECTIONS);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        closing = true;
        forgetInput();
        cancelCurrent(Cancellation.Reason.CLIENT_GONE);
        outlet.changed();
        traffic.left(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object piece) {
        try {
            Arrival arrival = closing ? null : reader.read((HttpObject) piece);
            if (arrival != null) {
                ahead.add(arrival);
            }
            if (ahead.isTooMuch()) {
                closing = true;
                forgetInput();
                channel.close();
                return;
            }
            advance();
        } finally {
            ReferenceCountUtil.release(piece);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        outlet.changed();
        advance();
    }

    /** Whether the connection is of this event loop. For any thread. */
    boolean isOn(EventLoop loop) {
        return channel.eventLoop() == loop;
    }

    /** Ends what has been waited for too long; called now and then. */
    void look(long now) {
        if (patience.isStalled(now, channel)) {
            service.tally().count(RefusalReason.SLOW_READER);
            Farewell.reset(channel);
            return;
        }
        Patience.Phase phase = phase();
        if (patience.isOver(now, phase, ahead.count(), reader.received(), reader.isRefusingAll()) && !closing) {
            switch (phase) {
                case IDLE -> closeAfter(Unpooled.EMPTY_BUFFER);
                case HEAD -> giveUp(RefusalReason.SLOW_HEADERS, "The headers did not come in time.");
                case BODY -> giveUp(RefusalReason.SLOW_BODY, "The body did not come in time.");
                case BUSY -> {}
            }
        }
    }

    /** For any thread. */
    Service service() {
        return service;
    }

    /** For any thread. */
    boolean isOpen() {
        return channel.isActive();
    }

    /** Whether the client has read enough of what it was sent. For any thread. */
    boolean isWritable() {
        return channel.isWritable();
    }

    /** Sends a part of the current reply. For any thread; false if the client is gone. */
    boolean write(HttpObject part) {
        boolean open = isOpen();
        if (open) {
            channel.writeAndFlush(part, channel.voidPromise());
        }
        return open;
    }

    /** Waits until the client has read enough of what it was sent. For any thread; false if the client is gone, or {@code reply} cancelled. */
    boolean awaitWritable(Cancellation reply) {
        return outlet.await(reply);
    }

    /** Sends the last part of a reply and goes on to the next request. For any thread. */
    void finish(NettyReply reply, Object last) {
        onLoop(() -> {
            // Once the client is gone, not even the head may have been sent that this is the end of.
            if (current != reply || !isOpen()) {
                ReferenceCountUtil.release(last);
                return;
            }
            current = null;
            boolean leaving = traffic.isDraining() && ahead.isEmpty() && !reader.isMidRequest();
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
                // A plain close would pass for the body's end.
                Farewell.reset(channel);
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
            if (!closing && current == null && ahead.isEmpty() && !reader.isMidRequest()) {
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
        while (!closing && current == null && channel.isWritable() && !ahead.isEmpty()) {
            switch (ahead.next()) {
                case Refused refused -> closeAfter(service.response(refused, reader.remoteAddress(), true));
                case Complete complete -> serve(complete.request());
            }
        }
        if (!closing && current == null && ahead.isEmpty() && reader.isContinueAwaited()) {
            reader.continued();
            channel.writeAndFlush(
                    new DefaultFullHttpResponse(
                            HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER),
                    channel.voidPromise());
        }
        boolean reading = closing || !ahead.isMuch();
        if (channel.config().isAutoRead() != reading) {
            channel.config().setAutoRead(reading);
        }
    }

    private void serve(DoorRequest request) {
        if (traffic.isDraining()) {
            traffic.letGo(request.body().length);
            closeAfter(refusal(request, Objection.DRAINING, true));
            return;
        }
        FullHttpResponse answer = service.answer(request);
        if (answer == null) {
            NettyReply reply = new NettyReply(this, request);
            current = reply;
            if (service.start(request, reply)) {
                return;
            }
            current = null;
            answer = refusal(request, Objection.OVERLOADED, !Service.isKeptOpen(request.head()));
        }
        traffic.letGo(request.body().length);
        if (Service.isKeptOpen(request.head())) {
            channel.writeAndFlush(answer, channel.voidPromise());
        } else {
            closeAfter(answer);
        }
    }

    private FullHttpResponse refusal(DoorRequest request, Objection objection, boolean close) {
        return service.response(
                new Refused(objection, request.requestId(), request.head()), reader.remoteAddress(), close);
    }

    private Patience.Phase phase() {
        if (current != null || !ahead.isEmpty() || !channel.isWritable()) {
            return Patience.Phase.BUSY;
        }
        if (reader.isMidRequest()) {
            return Patience.Phase.BODY;
        }
        return decoder.isMidHead() ? Patience.Phase.HEAD : Patience.Phase.IDLE;
    }

    private void giveUp(RefusalReason reason, String sentence) {
        ahead.add(reader.refuse(Objection.slow(reason, sentence)));
        advance();
    }

    /** Sends the connection's last response. Where the client may still be sending, it is read out and ignored. */
    private void closeAfter(Object last) {
        closing = true;
        boolean unread = reader.isMidRequest() || !ahead.isEmpty();
        forgetInput();
        channel.config().setAutoRead(true);
        Farewell.after(channel, last, unread);
    }

    private void forgetInput() {
        reader.abandon();
        ahead.clear();
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

    private void onLoop(Runnable step) {
        try {
            channel.eventLoop().execute(step);
        } catch (RejectedExecutionException e) {
            // The event loops end only after every connection is closed: the step has nothing left to act on.
            LOG.log(Level.DEBUG, "A connection was closed with its door", e);
        }
    }
}

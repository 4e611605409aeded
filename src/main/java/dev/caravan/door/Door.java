package dev.caravan.door;

import dev.caravan.chat.Cancellation;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * An HTTP/1.1 server that runs its handler on one virtual thread per request. Every response carries {@code x-request-id},
 * every refusal a JSON body. A client that ends its half of the connection is taken to be gone. Its own threads are
 * daemons. Safe for use by many threads.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112">RFC 9112, HTTP/1.1</a>
 */
public final class Door implements AutoCloseable {

    private static final int BACKLOG = 8192;
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(32 * 1024, 64 * 1024);
    /** For cancelled handlers to say so to their clients, and to come to their ends. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    private static final Duration LOOPS_END = Duration.ofSeconds(2);

    private final String host;
    private final int port;
    private final Channel listener;
    private final EventLoopGroup loops;
    private final Traffic traffic;
    private final Tally tally;

    private Door(String host, Channel listener, EventLoopGroup loops, Service service) {
        this.host = host;
        this.port = ((InetSocketAddress) listener.localAddress()).getPort();
        this.listener = listener;
        this.loops = loops;
        this.traffic = service.traffic();
        this.tally = service.tally();
    }

    /**
     * Listens, and hands every request to the handler.
     *
     * @param refusals writes the bodies of what the door refuses itself
     * @throws UncheckedIOException if it cannot listen there; the message names host and port
     */
    public static Door open(DoorOptions options, DoorHandler handler, RefusalBody refusals) {
        EventLoopGroup loops = new NioEventLoopGroup(
                Math.max(1, Runtime.getRuntime().availableProcessors() / 2), new DefaultThreadFactory("door", true));
        Traffic traffic = new Traffic(options.limits());
        Tally tally = new Tally();
        Service service = new Service(options, handler, refusals, traffic, tally);
        ChannelFuture bound = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        furnish(channel, service);
                    }
                })
                .bind(options.host(), options.port())
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            loops.shutdownGracefully(0, 0, TimeUnit.SECONDS);
            throw cannotListen(options, bound.cause());
        }
        Lookout.post(loops, service);
        return new Door(options.host(), bound.channel(), loops, service);
    }

    /** The port that is listened on. */
    public int port() {
        return port;
    }

    /** The address or name that was bound, as it was given. */
    public String host() {
        return host;
    }

    /** How many requests are with the handler now. */
    public int inFlight() {
        return traffic.inFlight();
    }

    /** How many connections are open now. */
    public int connections() {
        return traffic.open();
    }

    /** How many bytes the bodies of requests hold now: of those that come in and of those that are answered. */
    public long bodyBytes() {
        return traffic.held();
    }

    /** How many requests or connections were sent away for this reason since the door was opened. */
    public long refused(RefusalReason reason) {
        return tally.of(reason);
    }

    /** How many connections failed by a bug of the door's own. */
    public long failures() {
        return tally.failures();
    }

    /**
     * Lets nobody in any more and everybody out. Idle connections are closed at once, others after the reply in
     * progress; a request that still comes in on one of them is answered with 503, cause {@code draining}. When time is
     * up, the rest is cancelled with {@code DRAINING}, gets one second to end, and is closed. Returns when all
     * connections are closed; {@link #close} is still owed.
     *
     * @param atMost how long to wait for the requests in flight
     */
    public void drain(Duration atMost) {
        traffic.drain();
        listener.close().awaitUninterruptibly();
        traffic.connections().forEach(DoorChannel::leaveWhenIdle);
        if (!traffic.awaitQuiet(atMost)) {
            cancelAndClose();
        }
    }

    /** Closes the listener and every connection at once; requests in flight are cancelled with {@code DRAINING}. */
    @Override
    public void close() {
        traffic.drain();
        listener.close().awaitUninterruptibly();
        traffic.connections().forEach(connection -> {
            connection.cancel(Cancellation.Reason.DRAINING);
            connection.close();
        });
        loops.shutdownGracefully(0, LOOPS_END.toMillis(), TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(2 * LOOPS_END.toMillis());
    }

    private void cancelAndClose() {
        traffic.connections().forEach(connection -> connection.cancel(Cancellation.Reason.DRAINING));
        traffic.awaitQuiet(LAST_WORDS);
        traffic.connections().forEach(DoorChannel::close);
    }

    private static void furnish(SocketChannel channel, Service service) {
        DoorLimits limits = service.options().limits();
        RequestReader reader = new RequestReader(limits, service.traffic(), addressOf(channel));
        StrictDecoder decoder = new StrictDecoder(limits);
        Certificate certificate = service.options().certificate();
        if (certificate != null) {
            channel.pipeline().addLast(new TlsOrPlain(certificate.context(), limits.headerTime(), reader));
        }
        // Not HttpServerCodec: it takes a 100 for the response, and then loses count of the HEADs.
        channel.pipeline()
                .addLast(decoder)
                .addLast(new HttpResponseEncoder())
                .addLast(new DoorChannel(channel, service, decoder, reader))
                .addLast(new LastResort(service.tally()));
    }

    private static String addressOf(SocketChannel channel) {
        InetSocketAddress remote = channel.remoteAddress();
        // Null if the client has left already.
        return remote == null ? "" : remote.getAddress().getHostAddress();
    }

    private static UncheckedIOException cannotListen(DoorOptions options, Throwable cause) {
        String reason = cause instanceof UnresolvedAddressException ? "unknown host" : cause.getMessage();
        String message = "Cannot listen on " + options.host() + ":" + options.port() + ": " + reason;
        return new UncheckedIOException(message, new IOException(message, cause));
    }
}

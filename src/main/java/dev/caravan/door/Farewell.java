package dev.caravan.door;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.TimeUnit;

/** The ways to end a connection. For its event loop. */
final class Farewell {

    /** How long a refused client may go on sending, so that it finds our answer rather than a reset connection. */
    private static final int LINGER_SECONDS = 5;

    private Farewell() {}

    /**
     * Sends the connection's last bytes and closes it.
     *
     * @param unread whether the client may still be sending: then that is read out, for a while
     */
    static void after(SocketChannel channel, Object last, boolean unread) {
        if (!unread) {
            channel.writeAndFlush(last).addListener(ChannelFutureListener.CLOSE);
            return;
        }
        channel.writeAndFlush(last).addListener(_ -> {
            SslHandler tls = channel.pipeline().get(SslHandler.class);
            if (tls == null) {
                channel.shutdownOutput();
            } else {
                tls.closeOutbound().addListener(_ -> channel.shutdownOutput());
            }
            channel.eventLoop().schedule(() -> channel.close(), LINGER_SECONDS, TimeUnit.SECONDS);
        });
    }

    /** Closes it so that the client finds it broken, not ended. */
    static void reset(SocketChannel channel) {
        channel.config().setSoLinger(0);
        channel.close();
    }
}

package dev.caravan.door;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;

/** The end of a connection's pipeline: what went wrong before it ends the connection, and is counted. */
final class LastResort extends ChannelInboundHandlerAdapter {

    private final Tally tally;

    LastResort(Tally tally) {
        this.tally = tally;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake
                && !handshake.isSuccess()
                && !(handshake.cause() instanceof ClosedChannelException)) {
            tally.count(RefusalReason.TLS_HANDSHAKE);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // An IOException is how a connection reports that the client has broken it off, or TLS that it is not well
        // spoken.
        boolean clients = cause instanceof IOException
                || cause instanceof DecoderException && cause.getCause() instanceof IOException;
        if (!clients) {
            tally.failed(cause);
        }
        context.close();
    }
}

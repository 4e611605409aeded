package dev.caravan.door;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.OptionalSslHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.time.Duration;

/** Speaks TLS, and lets those in who do not: far enough to be told, in plain HTTP, that they should. */
final class TlsOrPlain extends OptionalSslHandler {

    private final Duration handshakeTime;
    private final RequestReader reader;

    TlsOrPlain(SslContext tls, Duration handshakeTime, RequestReader reader) {
        super(tls);
        this.handshakeTime = handshakeTime;
        this.reader = reader;
    }

    @Override
    protected SslHandler newSslHandler(ChannelHandlerContext context, SslContext tls) {
        SslHandler handler = super.newSslHandler(context, tls);
        handler.setHandshakeTimeoutMillis(handshakeTime.toMillis());
        return handler;
    }

    @Override
    protected ChannelHandler newNonSslHandler(ChannelHandlerContext context) {
        reader.refuseAll(Objection.PLAIN_HTTP);
        return new ChannelInboundHandlerAdapter();
    }
}

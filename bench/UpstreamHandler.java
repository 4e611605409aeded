package bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** Answers the requests of one connection. All on its event loop. */
final class UpstreamHandler extends SimpleChannelInboundHandler<FullHttpRequest> {

    private static final byte[] MODEL = "\"model\":".getBytes(US_ASCII);
    private static final byte[] INCLUDE_USAGE = "\"include_usage\":true".getBytes(US_ASCII);

    private final LongAdder requests;
    private ScheduledFuture<?> pending;
    private int sent;

    UpstreamHandler(LongAdder requests) {
        this.requests = requests;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        if (request.method() != HttpMethod.POST) {
            write(context, Answers.MODELS);
            return;
        }
        requests.increment();
        var body = ByteBufUtil.getBytes(request.content());
        var mark = Mark.find(body, 0, body.length);
        var number = mark < 0 ? 0 : Mark.number(body, mark + Mark.PREFIX.length);
        var script = Script.of(model(body));
        if (script.streams()) {
            stream(context, script, number, Mark.find(body, 0, body.length, INCLUDE_USAGE) >= 0);
        } else if (script.delayMillis() > 0) {
            later(context, script.delayMillis(), number);
        } else {
            write(context, Answers.whole(number));
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (pending != null) {
            pending.cancel(false);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close(); // The gateway has reset the connection; the counts will tell.
    }

    private void later(ChannelHandlerContext context, int millis, long number) {
        pending =
                context.executor().schedule(() -> write(context, Answers.whole(number)), millis, TimeUnit.MILLISECONDS);
    }

    private void stream(ChannelHandlerContext context, Script script, long number, boolean includeUsage) {
        sent = 0;
        write(context, Answers.STREAM_HEAD);
        var piece = Answers.piece(number);
        var interval = script.intervalMillis();
        pending = context.executor()
                .scheduleAtFixedRate(
                        () -> {
                            write(context, piece);
                            if (++sent == script.pieces()) {
                                write(context, Answers.streamEnd(number, includeUsage));
                                pending.cancel(false);
                            }
                        },
                        interval,
                        interval,
                        TimeUnit.MILLISECONDS);
    }

    private static String model(byte[] body) {
        var name = Mark.find(body, 0, body.length, MODEL);
        if (name < 0) {
            return "";
        }
        var from = name + MODEL.length;
        while (body[from] == ' ' || body[from] == '"') {
            from++;
        }
        var to = from;
        while (body[to] != '"') {
            to++;
        }
        return new String(body, from, to - from, US_ASCII);
    }

    private static void write(ChannelHandlerContext context, byte[] bytes) {
        context.writeAndFlush(Unpooled.wrappedBuffer(bytes), context.voidPromise());
    }
}

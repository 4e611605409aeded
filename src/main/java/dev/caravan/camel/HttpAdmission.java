package dev.caravan.camel;

import dev.caravan.chat.ChatRequest;
import dev.caravan.plan.Ask;
import dev.caravan.plan.Deadlines;
import java.time.Duration;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** Lets a request in by the HTTP door, and looks after its caller while a streamed answer keeps being waited for. Thread-safe. */
public final class HttpAdmission implements Processor {

    private final Arrivals arrivals;
    private final Deadlines deadlines;
    private final Duration keepAlive;

    /** @param keepAlive after how long a silence a caller is told that the answer is still to come; zero: never */
    public HttpAdmission(Arrivals arrivals, Deadlines deadlines, Duration keepAlive) {
        this.arrivals = arrivals;
        this.deadlines = deadlines;
        this.keepAlive = keepAlive;
    }

    @Override
    public void process(Exchange exchange) {
        arrivals.http(exchange);
        var ask = exchange.getMessage().getBody(Ask.class);
        if (keepAlive.isPositive()
                && ask.isOpen()
                && ask.request().map(ChatRequest::stream).orElse(false)) {
            KeepAlive.begin(exchange, deadlines, keepAlive);
        }
    }
}

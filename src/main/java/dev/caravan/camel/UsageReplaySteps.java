package dev.caravan.camel;

import dev.caravan.api.Answer;
import dev.caravan.catalog.LiveCatalog;
import dev.caravan.store.RequestLog;
import dev.caravan.store.UsageRebuild;
import dev.caravan.store.UsageReplay;
import dev.caravan.store.UsageReplays;
import dev.caravan.usage.SecondCost;
import dev.caravan.usage.UsageHistory;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The steps of a replay of usage, named by the routes: each takes it from where {@link #open} puts it. Thread-safe. */
public final class UsageReplaySteps {

    private static final Logger LOG = LoggerFactory.getLogger(UsageReplaySteps.class);
    private static final String BEGUN = "begun";
    private static final String REBUILD = "rebuild";

    private final UsageReplays replays;
    private final RequestLog log;
    private final LiveCatalog catalog;
    private final Map<String, Object> kafka;
    private volatile boolean stopping;

    /** @param kafka settings of the client, such as {@code bootstrap.servers} */
    public UsageReplaySteps(UsageReplays replays, RequestLog log, LiveCatalog catalog, Map<String, Object> kafka) {
        this.replays = replays;
        this.log = log;
        this.catalog = catalog;
        this.kafka = Map.copyOf(kafka);
    }

    /** The broker stops: what is at work fails. */
    public void close() {
        stopping = true;
    }

    /** Opens the topic for the replay that its caller was told of. It has the prices of this moment throughout. */
    public void open(Exchange exchange) {
        var begun = (UsageReplay) exchange.getMessage().getBody(Answer.Ok.class).body();
        exchange.setVariable(BEGUN, begun);
        LOG.info("Usage replay {} begins", begun.id());
        var second = begun.reprice() ? SecondCost.by(catalog.current().prices()) : SecondCost.SAME;
        var history = UsageHistory.open(kafka, UsageHistory.TOPIC, begun.from());
        exchange.setVariable(REBUILD, new UsageRebuild(begun.id(), history, second, replays, log));
    }

    /** Whether there is more to read. */
    public boolean behind(Exchange exchange) {
        if (stopping) {
            throw new IllegalStateException("The broker was stopped in the middle of it.");
        }
        return rebuild(exchange).behind();
    }

    /** Reads the next events. */
    public void read(Exchange exchange) {
        rebuild(exchange).read();
    }

    /** Writes them to the request log. */
    public void log(Exchange exchange) {
        rebuild(exchange).log();
    }

    /** Adds them to the new sums. */
    public void count(Exchange exchange) {
        rebuild(exchange).count();
    }

    /** Has the new sums shown. */
    public void finish(Exchange exchange) {
        rebuild(exchange).finish();
        LOG.info("Usage replay {} is done", begun(exchange).id());
    }

    /** Gives it up. */
    public void fail(Exchange exchange) {
        var reason = innermost(exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class));
        LOG.error("Usage replay {} failed: {}", begun(exchange).id(), reason.toString());
        replays.fail(begun(exchange).id(), Objects.toString(reason.getMessage(), reason.toString()));
    }

    /** Lets go of the topic. */
    public void end(Exchange exchange) {
        var rebuild = exchange.getVariable(REBUILD, UsageRebuild.class);
        if (rebuild != null) {
            rebuild.close();
        }
    }

    private static Throwable innermost(Throwable thrown) {
        return thrown.getCause() == null ? thrown : innermost(thrown.getCause());
    }

    private static UsageReplay begun(Exchange exchange) {
        return exchange.getVariable(BEGUN, UsageReplay.class);
    }

    private static UsageRebuild rebuild(Exchange exchange) {
        return exchange.getVariable(REBUILD, UsageRebuild.class);
    }
}

package dev.caravan.broker;

import dev.caravan.access.AccessKeys;
import dev.caravan.access.ListenPolicy;
import dev.caravan.camel.DoorEngine;
import dev.caravan.camel.RouteRetirement;
import dev.caravan.camel.UsageReplaySteps;
import dev.caravan.catalog.LiveCatalog;
import dev.caravan.door.Door;
import dev.caravan.jobs.Claims;
import dev.caravan.jobs.JobQueue;
import dev.caravan.jobs.OffsetWindow;
import dev.caravan.jobs.PublishedResponses;
import dev.caravan.reload.Reloading;
import dev.caravan.store.ClaimTable;
import dev.caravan.store.HourlyStatistics;
import dev.caravan.store.RequestLog;
import dev.caravan.store.UsageReplays;
import dev.caravan.usage.UsageOutbox;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.component.kafka.KafkaEndpoint;
import org.apache.camel.support.service.ServiceHelper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * Opens the door when everything behind it is ready, looks after what changes while it runs, and on the way out closes in
 * order: no more requests, finish those in flight, publish what they used.
 */
@Component
class Service {

    private static final Logger LOG = LoggerFactory.getLogger(Service.class);
    private static final Duration DRAIN = Duration.ofSeconds(20);
    private static final Duration FLUSH = Duration.ofSeconds(5);
    private static final Duration STEP = Duration.ofMillis(20);
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final String JOB_ROUTES = "jobs.";

    private final DoorEngine engine;
    private final DoorStart doorStart;
    private final AccessKeys keys;
    private final BrokerSettings settings;
    private final String host;
    private final Reloading reloading;
    private final RouteRetirement retirement;
    private final LiveCatalog catalog;
    private final OffsetWindow jobs;
    private final OffsetWindow retries;
    private final JobQueue queue;
    private final Claims claims;
    private final ClaimTable claimTable;
    private final PublishedResponses published;
    private final UsageOutbox outbox;
    private final RequestLog log;
    private final HourlyStatistics statistics;
    private final UsageReplays replays;
    private final UsageReplaySteps replay;
    private final CamelContext camel;
    private final ScheduledExecutorService chores = Executors.newScheduledThreadPool(
            2, Thread.ofPlatform().daemon().name("chores-", 0).factory());
    private @Nullable Door door;

    Service(
            DoorEngine engine,
            DoorStart doorStart,
            AccessKeys keys,
            BrokerSettings settings,
            Reloading reloading,
            RouteRetirement retirement,
            LiveCatalog catalog,
            OffsetWindow jobWindow,
            OffsetWindow retryWindow,
            JobQueue queue,
            Claims claims,
            ClaimTable claimTable,
            PublishedResponses published,
            UsageOutbox outbox,
            RequestLog log,
            HourlyStatistics statistics,
            UsageReplays replays,
            UsageReplaySteps replay,
            CamelContext camel) {
        this.engine = engine;
        this.doorStart = doorStart;
        this.keys = keys;
        this.settings = settings;
        this.host = StartRefused.require(ListenPolicy.host(keys.open(), settings.host()));
        this.reloading = reloading;
        this.retirement = retirement;
        this.catalog = catalog;
        this.jobs = jobWindow;
        this.retries = retryWindow;
        this.queue = queue;
        this.claims = claims;
        this.claimTable = claimTable;
        this.published = published;
        this.outbox = outbox;
        this.log = log;
        this.statistics = statistics;
        this.replays = replays;
        this.replay = replay;
        this.camel = camel;
    }

    @EventListener
    void open(ApplicationReadyEvent ready) {
        every(Duration.ofSeconds(1), "The look for providers in the database", catalog::refresh);
        every(LOOK, "The look for changed files", reloading::look);
        every(Duration.ofSeconds(1), "The removal of routes that are out of use", retirement::removeFinished);
        every(Duration.ofHours(1), "The removal of what is too old", () -> {
            log.deleteExpired();
            statistics.forgetExpired();
            replays.failAbandoned();
            claimTable.forget(Instant.now().minus(settings.jobs().claimRetention()));
        });
        every(Duration.ofSeconds(1), "The look for changed certificates", doorStart::refresh);
        every(Claims.HEARTBEAT, "The renewal of this instance's lease on its jobs", claims::renew);
        every(Duration.ofMinutes(1), "The removal of what is known of published responses", published::forget);
        door = doorStart.open(host, settings.port(), engine);
        LOG.info(
                "Caravan listens on {}://{}:{}{}",
                doorStart.scheme(),
                door.host(),
                door.port(),
                keys.open() ? ", open to this machine" : "");
    }

    /** Where the door is; 0 before it is open. */
    int port() {
        return door == null ? 0 : door.port();
    }

    @EventListener
    @Order(Ordered.HIGHEST_PRECEDENCE)
    void close(ContextClosedEvent closed) throws Exception {
        chores.shutdownNow();
        jobs.close();
        retries.close();
        queue.close();
        replay.close();
        if (door == null) {
            return;
        }
        LOG.info("Caravan stops: it takes no more requests and finishes those it has");
        var ends = System.nanoTime() + DRAIN.toNanos();
        door.drain(DRAIN);
        until(() -> jobsInFlight() == 0, Duration.ofNanos(Math.max(0, ends - System.nanoTime())));
        if (jobsInFlight() > 0) {
            LOG.warn("{} jobs are not finished in time and begin anew at the next start", jobsInFlight());
        }
        // Not before: a consumer that has stopped commits nothing any more.
        stopConsumers(route -> route.getId().startsWith(JOB_ROUTES) && route.getEndpoint() instanceof KafkaEndpoint);
        until(() -> outbox.backlog().inMemory() == 0, FLUSH);
        // Camel stops routes in an order of its own: what is being read from Kafka shall find the others still there.
        stopConsumers(route -> route.getEndpoint() instanceof KafkaEndpoint);
        door.close();
    }

    private int jobsInFlight() {
        return jobs.inFlight() + retries.inFlight();
    }

    private void stopConsumers(Predicate<Route> which) {
        camel.getRoutes().stream().filter(which).forEach(route -> ServiceHelper.stopService(route.getConsumer()));
    }

    /** Puts in force what the configuration files say now, and tells in the log what came of it. */
    void reload() {
        try {
            reloading.reload();
        } catch (RuntimeException e) {
            LOG.warn("Not all of the configuration could be reloaded: {}", e.toString());
            return;
        }
        var errors = reloading.errors();
        if (errors.isEmpty()) {
            LOG.info("The configuration was reloaded");
        } else {
            LOG.error(
                    "The configuration was reloaded, but {} things are wrong; the first: {}",
                    errors.size(),
                    errors.getFirst());
        }
    }

    private void every(Duration pause, String what, Runnable work) {
        chores.scheduleWithFixedDelay(new Chore(what, work), pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static void until(BooleanSupplier condition, Duration atMost) throws InterruptedException {
        var ends = System.nanoTime() + atMost.toNanos();
        while (!condition.getAsBoolean() && System.nanoTime() < ends) {
            TimeUnit.NANOSECONDS.sleep(STEP.toNanos());
        }
    }
}

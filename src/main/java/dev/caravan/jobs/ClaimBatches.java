package dev.caravan.jobs;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gathers what many jobs want of the store at the same time into few transactions, since what a transaction costs is its
 * end: while one is under way, the next one fills. Thread-safe.
 */
final class ClaimBatches implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ClaimBatches.class);
    private static final int LARGEST = 500;

    /** Answers are held in memory anyway; a transaction of more than this is no faster. */
    private static final long LARGEST_BYTES = 8 << 20;

    private record Waiting<T extends @Nullable Object>(Object wish, CompletableFuture<T> result) {}

    private final ClaimStore store;
    private final LongSupplier incarnation;
    private final BlockingQueue<Waiting<?>> queue = new LinkedBlockingQueue<>();
    private final Thread worker;
    private volatile boolean closed;

    // used by the worker alone
    private boolean away;

    /** @param incarnation in whose name it is done */
    ClaimBatches(ClaimStore store, LongSupplier incarnation) {
        this.store = store;
        this.incarnation = incarnation;
        this.worker = Thread.ofPlatform().daemon().name("claims").start(this::work);
    }

    Claim take(ClaimStore.Take take) {
        return await(new Waiting<>(take, new CompletableFuture<Claim>()));
    }

    @Nullable
    Long keep(ClaimStore.Keep keep) {
        return await(new Waiting<>(keep, new CompletableFuture<@Nullable Long>()));
    }

    boolean defer(ClaimStore.Defer defer) {
        return await(new Waiting<>(defer, new CompletableFuture<Boolean>()));
    }

    void mark(ClaimStore.Mark mark) {
        await(new Waiting<>(mark, new CompletableFuture<Boolean>()));
    }

    /** What has begun is ended; what waits is not done any more. */
    @Override
    public void close() {
        closed = true;
        queue.add(new Waiting<>(this, new CompletableFuture<>()));
    }

    /** @throws RuntimeException as the store did */
    private <T extends @Nullable Object> T await(Waiting<T> waiting) {
        if (closed) {
            throw new IllegalStateException("The broker is stopping");
        }
        queue.add(waiting);
        try {
            return waiting.result().join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : e;
        }
    }

    private void work() {
        List<Waiting<?>> batch = List.of();
        try {
            for (batch = next(); !closed; batch = next()) {
                run(batch);
            }
        } catch (InterruptedException e) {
            closed = true;
        }
        var stopping = new IllegalStateException("The broker is stopping");
        batch.forEach(each -> each.result().completeExceptionally(stopping));
        queue.forEach(each -> each.result().completeExceptionally(stopping));
    }

    private List<Waiting<?>> next() throws InterruptedException {
        var batch = new ArrayList<Waiting<?>>();
        var bytes = 0L;
        for (var each = queue.take(); each != null; each = queue.poll()) {
            batch.add(each);
            bytes += each.wish() instanceof ClaimStore.Keep keep ? keep.answer().length : 0;
            if (batch.size() >= LARGEST || bytes >= LARGEST_BYTES) {
                break;
            }
        }
        return batch;
    }

    private void run(List<Waiting<?>> batch) {
        try {
            commit(batch);
            if (away) {
                away = false;
                LOG.info("The claims of jobs can be written again");
            }
        } catch (ClaimStore.Away e) {
            if (!away) {
                away = true;
                LOG.warn("The claims of jobs cannot be written, so jobs wait: {}", e.getMessage());
            }
            batch.forEach(each -> each.result().completeExceptionally(e));
        } catch (Throwable e) {
            // one that cannot be stored must not fail the others
            if (batch.size() == 1) {
                batch.getFirst().result().completeExceptionally(e);
            } else {
                batch.forEach(each -> run(List.of(each)));
            }
        }
    }

    private void commit(List<Waiting<?>> batch) {
        var takes = of(batch, ClaimStore.Take.class);
        var keeps = of(batch, ClaimStore.Keep.class);
        var defers = of(batch, ClaimStore.Defer.class);
        var marks = of(batch, ClaimStore.Mark.class);
        var results = store.run(
                incarnation.getAsLong(),
                new ClaimStore.Batch(wishes(takes), wishes(keeps), wishes(defers), wishes(marks)));
        complete(takes, results.claims());
        complete(keeps, results.kept());
        complete(defers, results.deferred());
        marks.forEach(each -> each.result().complete(null));
    }

    private record Typed<W>(W wish, CompletableFuture<@Nullable Object> result) {}

    @SuppressWarnings("unchecked") // each wish was queued with the future of its own kind
    private static <W> List<Typed<W>> of(List<Waiting<?>> batch, Class<W> kind) {
        var typed = new ArrayList<Typed<W>>();
        for (var each : batch) {
            if (kind.isInstance(each.wish())) {
                typed.add(new Typed<>(kind.cast(each.wish()), (CompletableFuture<@Nullable Object>) each.result()));
            }
        }
        return typed;
    }

    private static <W> List<W> wishes(List<Typed<W>> typed) {
        return typed.stream().map(Typed::wish).toList();
    }

    private static <W> void complete(List<Typed<W>> typed, List<? extends @Nullable Object> results) {
        for (var i = 0; i < typed.size(); i++) {
            typed.get(i).result().complete(results.get(i));
        }
    }
}

package dev.caravan.broker;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work that is done again and again. That it fails is told once, and so is that it works again: what it needs may be away for
 * long, and it may be due each second. It never throws, for that would end a schedule. Not for two threads at once.
 */
final class Chore implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(Chore.class);

    private final String name;
    private final Runnable work;
    private @Nullable String failure;

    /** @param name what it does, as the beginning of a sentence */
    Chore(String name, Runnable work) {
        this.name = name;
        this.work = work;
    }

    @Override
    public void run() {
        try {
            work.run();
            if (failure != null) {
                failure = null;
                LOG.info("{} works again", name);
            }
        } catch (RuntimeException e) {
            if (isNew(e)) {
                LOG.warn("{} failed and is tried again until it works: {}", name, e.toString());
            }
        } catch (Throwable e) {
            if (isNew(e)) {
                LOG.error("{} failed and is tried again until it works", name, e);
            }
        }
    }

    /** Numbers apart, such as how long a connection was waited for. */
    private boolean isNew(Throwable e) {
        var text = e.toString().replaceAll("\\d+", "");
        var isNew = !text.equals(failure);
        failure = text;
        return isNew;
    }
}

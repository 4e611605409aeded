package dev.caravan.reload;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What files held when they last stood still: one that is being written, or that an editor is about to put in the place
 * of another, is not read before it is done. Not thread-safe.
 */
public final class SettledFiles {

    /** How long a file must not have changed before it is read. */
    public static final Duration SETTLE = Duration.ofMillis(400);

    /** How often a file is read that is written at the same time. */
    private static final int TRIES = 3;

    /** @param key the file's identity, which changes when another is put in its place; null where there is none */
    private record Stamp(
            FileTime modified, long size, @Nullable Object key) {}

    /** @param since when this was first seen, in nanoseconds */
    private record Seen(Optional<Stamp> stamp, long since, boolean read) {}

    private final long settleNanos;
    private final LongSupplier nanoTime;
    private final Map<Path, Seen> seen = new HashMap<>();
    private final Map<Path, FileText> texts = new TreeMap<>();

    public SettledFiles() {
        this(SETTLE, System::nanoTime);
    }

    SettledFiles(Duration settle, LongSupplier nanoTime) {
        this.settleNanos = settle.toNanos();
        this.nanoTime = nanoTime;
    }

    /** The files of a folder whose names end so; none where there is no such folder. */
    public static List<Path> in(Path folder, String ending) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (var found = Files.list(folder)) {
            return found.filter(file -> file.toString().endsWith(ending)).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Looks at files, and reads those that have changed and stood still since.
     *
     * @param files those that are to be looked at; one that was looked at before and is none of them is taken for gone
     * @return whether {@link #texts} is another one now
     */
    public boolean look(Collection<Path> files) {
        var changed = false;
        for (var file : with(files)) {
            var stamp = stamp(file);
            var before = seen.get(file);
            var now = nanoTime.getAsLong();
            if (before == null || !before.stamp().equals(stamp)) {
                seen.put(file, new Seen(stamp, now, false));
            } else if (!before.read() && now - before.since() >= settleNanos) {
                changed |= read(file, stamp);
            }
        }
        return changed;
    }

    /** Reads files as they are now, whether they have changed or not. */
    public boolean now(Collection<Path> files) {
        var changed = false;
        for (var file : with(files)) {
            changed |= read(file, stamp(file));
            for (var again = 1; again < TRIES && isUnread(file); again++) {
                changed |= read(file, stamp(file));
            }
        }
        return changed;
    }

    /** What every file holds that is there. */
    public Map<Path, FileText> texts() {
        return Map.copyOf(texts);
    }

    /** A stamp of before the reading: what is written meanwhile differs from it, and is seen by the next look. */
    private boolean read(Path file, Optional<Stamp> stamp) {
        var text = FileText.read(file);
        if (text.isPresent() != stamp.isPresent() || !stamp(file).equals(stamp)) {
            seen.put(file, new Seen(stamp(file), nanoTime.getAsLong(), false));
            return false;
        }
        if (stamp.isEmpty()) {
            seen.remove(file);
            return texts.remove(file) != null;
        }
        seen.put(file, new Seen(stamp, nanoTime.getAsLong(), true));
        return text.filter(read -> !read.equals(texts.put(file, read))).isPresent();
    }

    private boolean isUnread(Path file) {
        var state = seen.get(file);
        return state != null && !state.read();
    }

    private HashSet<Path> with(Collection<Path> files) {
        var all = new HashSet<>(files);
        all.addAll(seen.keySet());
        return all;
    }

    private static Optional<Stamp> stamp(Path file) {
        try {
            var attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return Optional.of(new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey()));
        } catch (IOException _) {
            return Optional.empty();
        }
    }
}

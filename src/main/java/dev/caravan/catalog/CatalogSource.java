package dev.caravan.catalog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The files of the catalog, and whether they changed since they were read. Not thread-safe. */
final class CatalogSource {

    private record Stamp(FileTime modified, long size) {}

    private final Path configDir;
    private final Function<String, @Nullable String> lookup;
    private List<Optional<Stamp>> seen = List.of();

    CatalogSource(Path configDir, Function<String, @Nullable String> lookup) {
        this.configDir = configDir;
        this.lookup = lookup;
    }

    boolean changed() {
        return !stamps().equals(seen);
    }

    CatalogFiles.Result read() {
        seen = stamps();
        return CatalogFiles.read(configDir, lookup);
    }

    private List<Optional<Stamp>> stamps() {
        return CatalogFiles.NAMES.stream()
                .map(name -> stamp(configDir.resolve(name)))
                .toList();
    }

    /** Nothing for a file that is not there: reading it says what is wrong, if something is. */
    private static Optional<Stamp> stamp(Path file) {
        try {
            var attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return Optional.of(new Stamp(attributes.lastModifiedTime(), attributes.size()));
        } catch (IOException _) {
            return Optional.empty();
        }
    }
}

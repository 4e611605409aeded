package dev.caravan.broker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/** The name of this instance among those that share a database: made at the first start, and kept in the data folder. */
final class NodeName {

    private static final int LONGEST = 64;

    private NodeName() {}

    /** @throws StartRefused if it can be neither read nor made */
    static String of(Path data) {
        var file = data.resolve("node.id");
        try {
            if (Files.notExists(file)) {
                // Written aside and moved, so that a crash leaves the whole name or none.
                var aside = Files.writeString(data.resolve("node.id.new"), UUID.randomUUID() + "\n");
                Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
            }
            var name = Files.readString(file).strip();
            if (name.isEmpty() || name.length() > LONGEST) {
                throw new StartRefused(file + " must hold a name of 1 to " + LONGEST
                        + " characters: delete it to have a new one made.");
            }
            return name;
        } catch (IOException e) {
            throw new StartRefused("The name of this instance, " + file + ", cannot be read or made: " + e + ".");
        }
    }
}

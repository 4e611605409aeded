package dev.caravan.broker;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The data folder, held by this process alone: two on one folder would ruin it. */
final class DataFolder implements AutoCloseable {

    private final FileChannel lock;

    private DataFolder(FileChannel lock) {
        this.lock = lock;
    }

    /** @throws StartRefused if another process holds it, or it cannot be made */
    static DataFolder hold(Path folder) {
        try {
            Files.createDirectories(folder);
            var channel =
                    FileChannel.open(folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (channel.tryLock() == null) {
                channel.close();
                throw new StartRefused("Another Caravan runs on the data folder "
                        + folder.toAbsolutePath().normalize() + ": stop it, or set CARAVAN_DATA to another folder.");
            }
            return new DataFolder(channel);
        } catch (IOException e) {
            throw new StartRefused("The data folder " + folder.toAbsolutePath().normalize() + " cannot be used: " + e
                    + "; set CARAVAN_DATA to one that can.");
        }
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}

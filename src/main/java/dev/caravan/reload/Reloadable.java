package dev.caravan.reload;

import java.util.List;

/** A part of the configuration that follows its files. Thread-safe. */
public interface Reloadable {

    /** Puts in force what has changed and stood still since. Meant to be called a few times a second. */
    void look();

    /** Puts in force what the files hold at this moment. */
    void reload();

    /** What is known of each file. */
    List<FileState> files();
}

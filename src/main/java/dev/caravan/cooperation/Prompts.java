package dev.caravan.cooperation;

import dev.caravan.reload.ConfigError;
import dev.caravan.reload.FileState;
import dev.caravan.reload.Reloadable;
import dev.caravan.reload.SettledFiles;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The prompt files of {@code config/prompts}, which a user may edit and, under {@code tasks}, add to. A changed file is in
 * force within a second; an unusable one leaves what was there before. Thread-safe.
 */
public final class Prompts implements Reloadable {

    /** What a council says to its members, beside what its caller says. */
    enum Prompt {
        /** To a judge who picks an answer. */
        PICK,
        /** To a judge who gives marks. */
        SCORE,
        /** To whoever writes one answer out of all. */
        SYNTHESIS,
        /** To a member of a consensus that sees the others' answers. */
        REVISE,
        /** To a member that goes on with the work of those before it. */
        CONTINUE,
        /** To the last of these, whose answer is the caller's. */
        FINISH;

        private String file() {
            return "cooperation/" + name().toLowerCase(Locale.ROOT);
        }
    }

    private static final String ENDING = ".md";
    private static final Pattern BLANK = Pattern.compile("\\{([a-z]+)}");

    private record InForce(String text, String digest, Instant since) {}

    private final Path folder;
    private final Clock clock;
    private final SettledFiles files = new SettledFiles();
    private Map<Path, InForce> inForce = Map.of();
    private volatile Texts texts = new Texts(Map.of());
    private volatile List<FileState> states = List.of();

    /** @param folder that of the prompt files */
    public Prompts(Path folder, Clock clock) {
        this.folder = folder;
        this.clock = clock;
        reload();
    }

    /** What the files hold now: a request keeps what it began with. */
    Texts current() {
        return texts;
    }

    /** Whether there is a task of this name. */
    public boolean hasTask(String name) {
        return texts.hasTask(name);
    }

    /** What prompt files hold, by their names without folder and ending. Immutable. */
    record Texts(Map<String, String> byName) {

        Texts {
            byName = Map.copyOf(byName);
        }

        boolean hasTask(String name) {
            return byName.containsKey(taskFile(name));
        }

        /** What is said to who has a task, which there must be. */
        String task(String name, Map<String, String> blanks) {
            return filled(taskFile(name), blanks);
        }

        String of(Prompt prompt, Map<String, String> blanks) {
            return filled(prompt.file(), blanks);
        }

        /** The first file that is to be there and is not, as people name it. */
        Optional<String> missing() {
            return Arrays.stream(Prompt.values())
                    .map(Prompt::file)
                    .filter(file -> !byName.containsKey(file))
                    .map(file -> "config/prompts/" + file + ENDING)
                    .findFirst();
        }

        /** Filled in one go: what is filled in may look like a blank itself. */
        private String filled(String name, Map<String, String> blanks) {
            var text = byName.get(name);
            if (text == null) {
                throw new IllegalStateException("no prompt '" + name + "'");
            }
            return BLANK.matcher(text)
                    .replaceAll(blank -> Matcher.quoteReplacement(blanks.getOrDefault(blank.group(1), blank.group())));
        }

        private static String taskFile(String task) {
            return "tasks/" + task;
        }
    }

    private Path path(String name) {
        return folder.resolve(name + ENDING);
    }

    private String name(Path file) {
        var name = folder.relativize(file).toString().replace('\\', '/');
        return name.substring(0, name.length() - ENDING.length());
    }

    @Override
    public synchronized void look() {
        if (files.look(paths())) {
            take();
        }
    }

    @Override
    public synchronized void reload() {
        files.now(paths());
        take();
    }

    @Override
    public List<FileState> files() {
        return states;
    }

    private List<Path> paths() {
        var paths = new ArrayList<Path>();
        Arrays.stream(Prompt.values()).forEach(prompt -> paths.add(path(prompt.file())));
        paths.addAll(SettledFiles.in(folder.resolve("tasks"), ENDING));
        return paths;
    }

    private void take() {
        var before = inForce;
        var now = new HashMap<Path, InForce>();
        var told = new TreeMap<Path, FileState>();
        files.texts().forEach((file, read) -> {
            var old = before.get(file);
            var problem =
                    read.problem() != null ? read.problem() : read.text().isBlank() ? "there is nothing here" : null;
            var next = problem != null
                    ? old
                    : old != null && old.digest().equals(read.digest())
                            ? old
                            : new InForce(read.text().strip(), read.digest(), clock.instant());
            if (next != null) {
                now.put(file, next);
            }
            told.put(
                    file,
                    new FileState(
                            file,
                            FileState.Kind.PROMPTS,
                            next == null ? null : next.since(),
                            next == null ? null : next.digest(),
                            problem == null,
                            false,
                            problem == null ? List.of() : List.of(new ConfigError(file, 1, problem)),
                            problem == null ? null : clock.instant()));
        });
        inForce = Map.copyOf(now);
        texts = new Texts(now.entrySet().stream()
                .collect(Collectors.toMap(
                        file -> name(file.getKey()), file -> file.getValue().text())));
        states = List.copyOf(told.values());
    }
}

package bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A Flight Recorder file of a gateway, and what the JDK's own tool reads from it. */
record Profile(String target) {

    private static final List<String> VIEWS =
            List.of("hot-methods", "allocation-by-site", "allocation-by-class", "contention-by-site", "gc-pauses");

    /** What a JVM is told so that it leaves one when it ends. */
    String flag() {
        return "-XX:StartFlightRecording=settings=profile,dumponexit=true,filename=" + recording();
    }

    /** Writes the views beside the recording, which is complete once its process has ended. */
    void writeViews() throws IOException, InterruptedException {
        if (!Files.exists(recording())) {
            return;
        }
        var text = Child.TARGET.resolve(target + "-profile.txt").toFile();
        Files.deleteIfExists(text.toPath());
        for (var view : VIEWS) {
            new ProcessBuilder(
                            tool(), "view", "--width", "160", view, recording().toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(text))
                    .start()
                    .waitFor();
        }
        System.err.println("The profile: " + recording() + ", summed up in " + text);
    }

    private Path recording() {
        return Child.TARGET.resolve(target + ".jfr");
    }

    private static String tool() {
        return Path.of(System.getProperty("java.home"), "bin", "jfr").toString();
    }
}

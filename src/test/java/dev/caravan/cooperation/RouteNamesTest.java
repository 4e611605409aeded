package dev.caravan.cooperation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What the routes of cooperation ask of the message they pass along. */
class RouteNamesTest {

    private static final Pattern ASKED = Pattern.compile("\\$\\{body\\.(\\w+)}");

    @Test
    @DisplayName(
            "F2 Each name that a route asks for is one method: Camel takes 'decided' for 'isDecided' too, in any order")
    void oneMethodEach() throws IOException {
        var names = asked();
        assertThat(names).contains("isDecided", "adjourn", "begin", "next");
        var found = new HashSet<String>();
        for (var type : Set.of(
                ParallelSession.class,
                SequentialSession.class,
                PipelineSession.class,
                CascadeSession.class,
                Turn.class)) {
            for (var name : names) {
                var same = new TreeSet<String>();
                for (Class<?> each = type; each != null && each != Object.class; each = each.getSuperclass()) {
                    Arrays.stream(each.getDeclaredMethods())
                            .filter(method -> !method.isSynthetic())
                            .map(method -> method.getName() + Arrays.toString(method.getParameterTypes()))
                            .filter(method ->
                                    bare(method.replaceAll("\\[.*", "")).equals(bare(name)))
                            .forEach(same::add);
                }
                assertThat(same).as(type + " " + name).hasSizeLessThan(2);
                if (!same.isEmpty()) {
                    found.add(name);
                }
            }
        }
        assertThat(found).isEqualTo(names);
    }

    private static Set<String> asked() throws IOException {
        var names = new HashSet<String>();
        try (var files = Files.list(Path.of("routes"))) {
            for (var file : files.filter(each -> each.getFileName().toString().startsWith("cooperation"))
                    .toList()) {
                ASKED.matcher(Files.readString(file)).results().forEach(match -> names.add(match.group(1)));
            }
        }
        return names;
    }

    /** {@code isDecided}, {@code getDecided} and {@code decided} are one name. */
    private static String bare(String name) {
        var without = name.replaceFirst("^(is|get)(?=[A-Z])", "");
        return without.substring(0, 1).toLowerCase(Locale.ROOT) + without.substring(1);
    }
}

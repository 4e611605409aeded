package dev.caravan.catalog;

import java.util.List;
import java.util.Map;

/** A piece of a YAML or JSON document that knows its line. */
public sealed interface Node {

    int line();

    record Mapping(int line, Map<String, Member> members) implements Node {}

    record Sequence(int line, List<Node> items) implements Node {}

    /** A value as it was written, after {@code ${NAME}} was replaced in it. */
    record Scalar(int line, Kind kind, String text) implements Node {}

    /**
     * One member of a mapping.
     *
     * @param line the line of its name
     */
    record Member(int line, Node value) {}

    /** What JSON calls the kind of a value. In YAML files only {@link #NULL} matters. */
    enum Kind {
        TEXT,
        NUMBER,
        FLAG,
        NULL
    }
}

package bench;

import java.util.List;
import java.util.function.ToDoubleFunction;

/** The rounds of one target under one case. */
record Group(Case what, Target target, List<Round> rounds) {

    Spread spread(ToDoubleFunction<Round> figure) {
        return Spread.of(rounds.stream().mapToDouble(figure));
    }

    double median(ToDoubleFunction<Round> figure) {
        return spread(figure).median();
    }

    /** Percent of the rate that is possible when nothing but the upstream takes time; NaN if there is no such rate. */
    double percentOfIdeal() {
        return median(round -> round.result().answersPerSecond()) / what.ideal() * 100;
    }

    /** Its memory second by second, all rounds one after the other. */
    List<Long> rssBytes() {
        return rounds.stream().flatMap(round -> round.rssBytes().stream()).toList();
    }

    /** The median memory of one third of the time, in bytes. */
    double rssOfThird(int third) {
        var all = rssBytes();
        var part = all.subList(all.size() * (third - 1) / 3, all.size() * third / 3);
        return Spread.of(part.stream().mapToDouble(Long::doubleValue)).median();
    }
}

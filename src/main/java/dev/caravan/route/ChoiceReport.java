package dev.caravan.route;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.caravan.catalog.Catalog;
import dev.caravan.catalog.RouteSpec;
import dev.caravan.catalog.Tier;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * How a name chooses among its models now, and why, for those who look from outside.
 *
 * @param name the name
 * @param prefer what decides among the models of a tier
 * @param strongShare the share of requests that goes to strong models at most; null where a threshold is set
 * @param threshold the score above which a request goes there now
 * @param requests so many were chosen for by their score lately
 * @param strongRequests the share of them that went to strong models
 * @param tiers the models of each tier that are there, the one to be chosen next first
 */
@JsonNaming(SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.ALWAYS)
public record ChoiceReport(
        String name,
        String prefer,
        @Nullable Double strongShare,
        double threshold,
        int requests,
        double strongRequests,
        Map<String, TierReport> tiers) {

    private static final double THOUSAND = 1000;

    /** @param why why the first is first */
    @JsonNaming(SnakeCaseStrategy.class)
    public record TierReport(String why, List<ModelReport> models) {}

    /**
     * One model.
     *
     * @param inputPrice USD for a million tokens; null where nobody said
     * @param firstTokenP50Ms the median wait for the first token of a stream; null while too few are known
     * @param answerP50Ms the median wait for a whole answer; null while too few are known
     */
    @JsonNaming(SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.ALWAYS)
    public record ModelReport(
            String model,
            String provider,
            @Nullable BigDecimal inputPrice,
            @Nullable BigDecimal outputPrice,
            @Nullable Double firstTokenP50Ms,
            @Nullable Double answerP50Ms) {

        static ModelReport of(Option option) {
            return new ModelReport(
                    option.model(),
                    option.provider(),
                    option.price().map(price -> price.input()).orElse(null),
                    option.price().map(price -> price.output()).orElse(null),
                    orNull(option.waits().firstTokenMs()),
                    orNull(option.waits().answerMs()));
        }

        private static @Nullable Double orNull(OptionalDouble value) {
            return value.isPresent() ? Double.valueOf(value.getAsDouble()) : null;
        }
    }

    /** Every name of the catalog that stands for a choice. */
    public static List<ChoiceReport> of(Chooser chooser, Catalog catalog) {
        var reports = new ArrayList<ChoiceReport>();
        for (var spec : catalog.routes()) {
            reports.add(of(chooser, spec, catalog));
        }
        return reports;
    }

    private static ChoiceReport of(Chooser chooser, RouteSpec spec, Catalog catalog) {
        var calls = chooser.strongCalls(spec);
        var tiers = new LinkedHashMap<String, TierReport>();
        for (var tier : Tier.values()) {
            var ranking = chooser.ranking(spec, tier, catalog);
            tiers.put(
                    tier.text(),
                    new TierReport(
                            ranking.why(),
                            ranking.options().stream().map(ModelReport::of).toList()));
        }
        return new ChoiceReport(
                spec.name(),
                spec.prefer().text(),
                spec.threshold() == null ? Double.valueOf(spec.strongShare()) : null,
                Math.round(calls.threshold(spec) * THOUSAND) / THOUSAND,
                calls.seen(),
                Math.round(calls.share() * THOUSAND) / THOUSAND,
                tiers);
    }
}

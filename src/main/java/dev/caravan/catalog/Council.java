package dev.caravan.catalog;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Several models that answer as one: what {@code config/models.yaml} says under {@code council}, or a request under
 * {@code cooperation}. Valid by construction: {@link CouncilForm} makes one or says what is wrong.
 *
 * @param strategy how one answer is made of several; null in a pipeline and a cascade, where nothing is to choose
 * @param members in their order, at least one: the steps of a pipeline, the tiers of a cascade
 * @param judge the model that picks, or writes, the answer; null: the heaviest member
 * @param quorum how many members must have answered, for a consensus agreed; null: half of them, for a consensus more
 * @param deadline how long members may take; null: nine tenths of the request's time
 * @param rounds how often the members of a consensus are asked at most, the first time included
 * @param maxCost USD that all calls together may cost; null for no bound
 * @param concurrency how many members are asked at once
 * @param compare by what answers are equal
 * @param embeddings what tells which free texts are alike where no two answers are equal; null: nobody said
 * @param check what decides in a cascade whether an answer is good enough; null elsewhere
 * @param answers whether the members' answers are shown beside the one
 */
public record Council(
        Mode mode,
        @Nullable Strategy strategy,
        List<Member> members,
        @Nullable String judge,
        @Nullable Integer quorum,
        @Nullable Duration deadline,
        int rounds,
        @Nullable BigDecimal maxCost,
        int concurrency,
        Compare compare,
        @Nullable Embeddings embeddings,
        @Nullable Check check,
        boolean answers) {

    /** In what order members work. */
    public enum Mode {
        /** All at once, and none sees what the others say. */
        PARALLEL,
        /** One after the other; each sees the work so far. */
        SEQUENTIAL,
        /** One after the other, each with a task of its own on what the one before has made. */
        PIPELINE,
        /** The first that is good enough; the cheapest comes first. */
        CASCADE;

        /** As it stands in configuration and requests. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How one answer is made of several. */
    public enum Strategy {
        /** The answer that most members give. */
        VOTING,
        /** The answer with the most weight behind it. */
        WEIGHTED,
        /** Members see each other's answers and revise theirs, until enough of them agree. */
        CONSENSUS,
        /** A model writes one answer out of all. */
        ENSEMBLE,
        /** A judge picks one. */
        SELECTIVE;

        /** As it stands in configuration and requests. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** By what two answers are the same. */
    public enum Compare {
        /** By whatever they are read as. */
        AUTO,
        TEXT,
        /** The last number in each. */
        NUMBER,
        /** The letter of a multiple choice. */
        CHOICE,
        JSON,
        /** JSON, and each field is voted on by itself. */
        FIELDS;

        /** As it stands in configuration and requests. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One of the models.
     *
     * @param model a model's name, as requests name it; may be another council's
     * @param weight greater than 0
     * @param task what it does in a pipeline; null elsewhere
     */
    public record Member(
            String model, BigDecimal weight, @Nullable Task task) {}

    /**
     * What a step of a pipeline is to do.
     *
     * @param name the prompt file {@code config/prompts/tasks/NAME.md}
     * @param params fields of the step's request: their values as JSON, by name
     */
    public record Task(String name, Map<String, String> params) {

        public Task {
            params = Collections.unmodifiableMap(new LinkedHashMap<>(params));
        }
    }

    /**
     * The model whose vectors tell which free texts are alike.
     *
     * @param model as requests name it
     * @param alike the cosine of two vectors from which on their texts count as similar; above 0, at most 1
     */
    public record Embeddings(String model, BigDecimal alike) {

        /**
         * Higher than what tells texts on one subject from texts on another, for which 0.5 is common: answers to one
         * question are on one subject, and may say different things of it. At this bound all-MiniLM-L6-v2 kept all of 50
         * pairs apart that do; at 0.75 it put 5 of them together. Models differ, so that it can be said for each.
         */
        public static final BigDecimal USUALLY_ALIKE = new BigDecimal("0.8");

        /** With the usual bound. */
        public static Embeddings of(String model) {
            return new Embeddings(model, USUALLY_ALIKE);
        }
    }

    /** What decides in a cascade whether an answer is good enough. */
    public sealed interface Check {

        /** The same model, asked once more, gives the same answer. */
        record Agreement() implements Check {}

        /** @param least of 0 to 10, what the judge must give */
        record Score(String judge, BigDecimal least) implements Check {}

        /** @param json a JSON schema that the answer must satisfy */
        record Schema(String json) implements Check {}

        /** @param regex what must be found in the answer */
        record Form(String regex) implements Check {}
    }

    public Council {
        members = List.copyOf(members);
    }

    /** How many members must have answered; for a consensus, agreed. */
    public int quorumOrUsual() {
        if (quorum != null) {
            return quorum;
        }
        return strategy == Strategy.CONSENSUS ? members.size() / 2 + 1 : (members.size() + 1) / 2;
    }

    /** The same, with another model for vectors. */
    public Council with(Embeddings newEmbeddings) {
        return new Council(
                mode,
                strategy,
                members,
                judge,
                quorum,
                deadline,
                rounds,
                maxCost,
                concurrency,
                compare,
                newEmbeddings,
                check,
                answers);
    }

    /** Every model that it names. */
    public List<String> models() {
        var models = new ArrayList<>(members.stream().map(Member::model).toList());
        if (judge != null) {
            models.add(judge);
        }
        if (check instanceof Check.Score(var scorer, var _)) {
            models.add(scorer);
        }
        if (embeddings != null) {
            models.add(embeddings.model());
        }
        return models;
    }
}

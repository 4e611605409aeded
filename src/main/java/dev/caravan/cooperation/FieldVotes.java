package dev.caravan.cooperation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.cooperation.Ballot.Kind;
import dev.caravan.provider.openai.OpenAiForm;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON answers of which each field is voted on by itself. No state. */
final class FieldVotes {

    private static final Ballot ABSENT = new Ballot(Kind.TEXT, "");

    private FieldVotes() {}

    /**
     * The object in which each field has the value that most members give it; one that most leave out is left out.
     *
     * @param answers the members' objects by their votes, in the order of the members
     */
    static ObjectNode elect(Map<Vote, ObjectNode> answers, boolean weighted) {
        var names = new LinkedHashSet<String>();
        answers.values().forEach(answer -> answer.fieldNames().forEachRemaining(names::add));
        var elected = OpenAiForm.object();
        for (var name : names) {
            List<Vote> votes = new ArrayList<>();
            answers.forEach(
                    (vote, answer) -> votes.add(new Vote(vote.seat(), vote.weight(), ballot(answer.get(name)))));
            var winner = Tally.of(votes, weighted).groups().getFirst().first();
            answers.forEach((vote, answer) -> {
                if (vote.seat() == winner.seat() && answer.has(name)) {
                    elected.set(name, answer.get(name));
                }
            });
        }
        return elected;
    }

    private static Ballot ballot(@Nullable JsonNode value) {
        return value == null ? ABSENT : new Ballot(Kind.JSON, CanonicalJson.of(value));
    }
}

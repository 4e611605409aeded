package dev.caravan.discovery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.catalog.ProviderSpec;
import dev.caravan.catalog.ProviderType;
import java.io.IOException;
import java.net.URI;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/**
 * How a server is asked which models it has, and what it answers.
 *
 * @see <a href="https://docs.ollama.com/api/tags">Ollama: list models</a>
 * @see <a href="https://platform.openai.com/docs/api-reference/models/list">OpenAI: list models</a>
 */
final class ModelList {

    /** Whoever tells of more is not a server of one's own. */
    static final int MOST = 2000;

    private static final int LONGEST_NAME = 200;
    private static final ObjectMapper JSON = new ObjectMapper();

    private ModelList() {}

    /** Where the provider's server tells its models. */
    static URI url(ProviderSpec provider) {
        return URI.create(provider.baseUrl() + (provider.type() == ProviderType.OLLAMA ? "/api/tags" : "/models"));
    }

    /** The names in an answer; nothing if it makes no sense. Of names that cannot be asked for, nothing is told. */
    static Optional<List<String>> read(ProviderType type, byte[] body) {
        JsonNode root;
        try {
            root = JSON.readTree(body);
        } catch (IOException e) {
            return Optional.empty();
        }
        var ollama = type == ProviderType.OLLAMA;
        var models = root.path(ollama ? "models" : "data");
        if (!models.isArray()) {
            return Optional.empty();
        }
        var names = new LinkedHashSet<String>();
        for (var model : models) {
            var name = model.path(ollama ? "name" : "id").asText("");
            if (isSayable(name) && names.size() < MOST) {
                names.add(name);
            }
        }
        return Optional.of(List.copyOf(names));
    }

    private static boolean isSayable(String name) {
        return !name.isBlank() && name.length() <= LONGEST_NAME && name.chars().noneMatch(Character::isISOControl);
    }
}

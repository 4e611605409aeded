package dev.caravan.catalog;

import dev.caravan.chat.ChatError;
import dev.caravan.chat.WhenUnsupported;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads and writes what people say about a provider: the same fields in files, in the admin API and in the store. */
public final class ProviderForm {

    /** What came of reading. */
    public sealed interface Filled {

        record Right(ProviderSettings settings) implements Filled {}

        /** The error names the first field that is wrong. */
        record Wrong(ChatError error) implements Filled {}
    }

    private static final List<String> NAMES = List.of(
            "name",
            "type",
            "base_url",
            "api_key",
            "enabled",
            "priority",
            "weight",
            "timeout",
            "models",
            "default_model",
            "retry",
            "connect_timeout",
            "idle_timeout",
            "pool_timeout",
            "max_connections",
            "unsupported",
            "discover");
    private static final List<String> RETRY_NAMES =
            List.of("max_retries", "initial_delay", "max_delay", "exponential_base");
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");
    private static final Pattern DIGITS = Pattern.compile("\\d+");
    private static final int MOST = 1000;
    private static final int MOST_CONNECTIONS = 100_000;

    private final Fields fields;
    private final @Nullable ProviderSettings base;

    private ProviderForm(Fields fields, @Nullable ProviderSettings base) {
        this.fields = fields;
        this.base = base;
    }

    /** Reads a new provider from JSON: {@code name}, {@code type} and {@code base_url} are required. */
    public static Filled create(byte[] json) {
        return json(json, null);
    }

    /** Reads changes of a provider from JSON: what is not there stays as it is; null takes away what may be missing. */
    public static Filled change(byte[] json, ProviderSettings base) {
        return json(json, base);
    }

    /** Reads a provider of a file; whatever is wrong goes to the problems of {@code fields}. */
    static ProviderSettings read(Fields fields) {
        return new ProviderForm(fields, null).settings();
    }

    /** The fields of {@code settings} as JSON knows them, without the key. */
    public static Map<String, Object> fields(ProviderSettings settings) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("name", settings.name());
        fields.put("type", settings.type().text());
        fields.put("base_url", settings.baseUrl());
        fields.put("enabled", settings.enabled());
        fields.put("priority", settings.priority());
        fields.put("weight", settings.weight());
        fields.put("timeout", seconds(settings.timeout()));
        fields.put("models", settings.models());
        if (settings.defaultModel() != null) {
            fields.put("default_model", settings.defaultModel());
        }
        var retry = settings.retry();
        fields.put(
                "retry",
                Map.of(
                        "max_retries", retry.maxRetries(),
                        "initial_delay", seconds(retry.initialDelay()),
                        "max_delay", seconds(retry.maxDelay()),
                        "exponential_base", retry.exponentialBase()));
        var connections = settings.connections();
        fields.put("connect_timeout", seconds(connections.connectTimeout()));
        fields.put("idle_timeout", seconds(connections.idleTimeout()));
        fields.put("pool_timeout", seconds(connections.poolTimeout()));
        fields.put("max_connections", connections.maxConnections());
        if (settings.unsupported() != null) {
            fields.put("unsupported", settings.unsupported().text());
        }
        if (settings.discover() != null) {
            fields.put("discover", settings.discover());
        }
        return fields;
    }

    private static Filled json(byte[] json, @Nullable ProviderSettings base) {
        var problems = new Problems();
        var settings = NodeReader.json(json, problems)
                .flatMap(root -> Fields.of(root, "", true, problems))
                .map(fields -> new ProviderForm(fields, base).settings());
        return problems.all().stream()
                .findFirst()
                .<Filled>map(problem -> new Filled.Wrong(
                        ChatError.invalid(problem.path().isEmpty() ? null : problem.path(), sentence(problem))))
                .orElseGet(() -> new Filled.Right(settings.orElseThrow()));
    }

    private static String sentence(Problems.Problem problem) {
        return problem.path().isEmpty() ? "The body is wrong: " + problem.message() : problem.message();
    }

    private ProviderSettings settings() {
        fields.only(NAMES);
        if (base == null) {
            List.of("name", "type", "base_url").forEach(fields::require);
        }
        var type = type();
        return new ProviderSettings(
                fields.text("name").map(this::checkedName).orElse(base == null ? "" : base.name()),
                type,
                fields.text("base_url").map(this::checkedUrl).orElse(base == null ? "" : base.baseUrl()),
                apiKey(),
                fields.flag("enabled").orElse(base == null || base.enabled()),
                fields.integer("priority", 0, MOST)
                        .orElse(base == null ? ProviderSettings.DEFAULT_PRIORITY : base.priority()),
                fields.integer("weight", 0, MOST)
                        .orElse(base == null ? ProviderSettings.DEFAULT_WEIGHT : base.weight()),
                fields.duration("timeout", false)
                        .orElse(base == null ? ProviderSettings.DEFAULT_TIMEOUT : base.timeout()),
                fields.texts("models").orElse(base == null ? List.of() : base.models()),
                optional("default_model", base == null ? null : base.defaultModel()),
                retry(base == null ? Retry.DEFAULT : base.retry()),
                connections(base == null ? Connections.DEFAULT : base.connections()),
                unsupported(),
                discover(type));
    }

    private @Nullable Boolean discover(ProviderType type) {
        var discover = fields.isNull("discover")
                ? null
                : fields.flag("discover").orElse(base == null ? null : base.discover());
        if (Boolean.TRUE.equals(discover) && !type.listsModels()) {
            fields.wrong(
                    "discover",
                    "'discover' cannot be true here: a server of type '" + type.text()
                            + "' is not asked for its models");
        }
        return discover;
    }

    private ProviderType type() {
        var kept = base == null ? ProviderType.OPENAI_COMPATIBLE : base.type();
        return fields.text("type")
                .flatMap(text -> {
                    try {
                        return Optional.of(ProviderType.of(text));
                    } catch (IllegalArgumentException e) {
                        fields.wrong("type", String.valueOf(e.getMessage()));
                        return Optional.empty();
                    }
                })
                .orElse(kept);
    }

    private @Nullable Secret apiKey() {
        var kept = base == null || base.apiKey() == null ? null : base.apiKey().reveal();
        var key = optional("api_key", kept);
        if (key == null) {
            return null;
        }
        if (key.startsWith("****")) {
            fields.wrong(
                    "api_key", "'api_key' is a masked key as the API shows it; send the key itself, or leave it out");
        } else if (key.chars().anyMatch(letter -> letter <= ' ' || letter > '~')) {
            fields.wrong("api_key", "'api_key' must hold visible ASCII characters only, since it travels in a header");
        }
        return new Secret(key);
    }

    /** A text that may be missing: null and the empty text take it away. */
    private @Nullable String optional(String name, @Nullable String kept) {
        if (!fields.has(name)) {
            return kept;
        }
        return fields.isNull(name)
                ? null
                : fields.text(name).filter(text -> !text.isEmpty()).orElse(null);
    }

    private Retry retry(Retry kept) {
        return fields.section("retry")
                .map(retry -> {
                    retry.only(RETRY_NAMES);
                    return new Retry(
                            retry.integer("max_retries", 0, 100).orElse(kept.maxRetries()),
                            retry.duration("initial_delay", true).orElse(kept.initialDelay()),
                            retry.duration("max_delay", true).orElse(kept.maxDelay()),
                            retry.decimal("exponential_base", 1, 100)
                                    .map(BigDecimal::doubleValue)
                                    .orElse(kept.exponentialBase()));
                })
                .orElse(kept);
    }

    private Connections connections(Connections kept) {
        return new Connections(
                fields.duration("connect_timeout", false).orElse(kept.connectTimeout()),
                fields.duration("idle_timeout", false).orElse(kept.idleTimeout()),
                fields.duration("pool_timeout", false).orElse(kept.poolTimeout()),
                fields.integer("max_connections", 1, MOST_CONNECTIONS).orElse(kept.maxConnections()));
    }

    private @Nullable WhenUnsupported unsupported() {
        return fields.isNull("unsupported")
                ? null
                : fields.whenUnsupported("unsupported").orElse(base == null ? null : base.unsupported());
    }

    private String checkedName(String name) {
        if (!NAME.matcher(name).matches() || DIGITS.matcher(name).matches()) {
            fields.wrong(
                    "name",
                    "'name' must be at most 64 of a-z, 0-9, '.', '_' and '-', begin with a letter or digit, and not be a"
                            + " number");
        }
        return name;
    }

    /** With its scheme in small letters, as Camel looks it up. Says nothing of the url itself: it may hold a password. */
    private String checkedUrl(String url) {
        try {
            var uri = new URI(url);
            var scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
            if (Set.of("http", "https").contains(scheme)
                    && uri.getHost() != null
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null
                    && uri.getRawUserInfo() == null) {
                return scheme + url.substring(scheme.length()).replaceAll("/+$", "");
            }
        } catch (URISyntaxException _) {
            // told below, as everything that is not such a url
        }
        fields.wrong(
                "base_url",
                "'base_url' must be an absolute http or https url without user, query and fragment, such as"
                        + " https://api.openai.com/v1");
        return "";
    }

    private static Number seconds(Duration duration) {
        var millis = duration.toMillis();
        return millis % 1000 == 0 ? (Number) (millis / 1000) : (Number) (millis / 1000.0);
    }
}

package dev.caravan.broker;

import dev.caravan.reload.ConfigError;
import dev.caravan.store.StoreSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.origin.PropertySourceOrigin;
import org.springframework.boot.origin.TextResourceOrigin;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.io.ByteArrayResource;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/** Whether a start with another {@code application.yaml} would go well, as far as that can be told without one. */
final class SettingsCheck {

    /** A sentence that refuses a start: the setting's name, what it is, what would be right. */
    private static final Pattern REFUSAL = Pattern.compile("([\\w.-]+):? .*(must be .*)\\.", Pattern.DOTALL);

    private final ConfigurableEnvironment environment;

    /** @param environment where {@code ${NAME}} is looked up */
    SettingsCheck(ConfigurableEnvironment environment) {
        this.environment = environment;
    }

    /** The first thing that is wrong; no value is quoted. */
    Optional<ConfigError> problem(Path file, String text) {
        try {
            var resource = new ByteArrayResource(text.getBytes(StandardCharsets.UTF_8));
            var sources = new YamlPropertySourceLoader().load(file.toString(), resource);
            var properties = ConfigurationPropertySources.from(sources);
            var binder = new Binder(properties, new PropertySourcesPlaceholdersResolver(environment));
            binder.bind("caravan", StoreSettings.class);
            binder.bind("logging.level", Map.class);
            var broker = binder.bindOrCreate("caravan", BrokerSettings.class);
            var door = binder.bindOrCreate("caravan.door", DoorSettings.class);
            return refusal(file, properties, () -> {
                door.limits(broker.maxBody());
                door.corsPolicy();
            });
        } catch (MarkedYAMLException e) {
            var mark = e.getProblemMark();
            return Optional.of(new ConfigError(
                    file.toString(),
                    mark == null ? null : mark.getLine() + 1,
                    mark == null ? null : mark.getColumn() + 1,
                    "not well-formed: " + e.getProblem()));
        } catch (BindException e) {
            return Optional.of(unbound(file, e));
        } catch (YAMLException | IOException | IllegalStateException e) {
            return Optional.of(new ConfigError(file, null, "cannot be read as settings"));
        }
    }

    private static Optional<ConfigError> refusal(
            Path file, Iterable<ConfigurationPropertySource> sources, Runnable step) {
        try {
            step.run();
            return Optional.empty();
        } catch (StartRefused e) {
            var refusal = REFUSAL.matcher(String.valueOf(e.getMessage()));
            if (!refusal.matches()) {
                return Optional.of(new ConfigError(file, null, "'caravan.door' holds what refuses a start"));
            }
            var name = refusal.group(1);
            return Optional.of(at(file, property(sources, name), "'" + name + "' " + refusal.group(2)));
        }
    }

    private static @Nullable ConfigurationProperty property(
            Iterable<ConfigurationPropertySource> sources, String name) {
        for (var source : sources) {
            var property = source.getConfigurationProperty(ConfigurationPropertyName.of(name));
            if (property != null) {
                return property;
            }
        }
        return null;
    }

    private static ConfigError unbound(Path file, BindException e) {
        var type = e.getTarget().getType().resolve(Object.class).getSimpleName();
        return at(file, e.getProperty(), "'" + e.getName() + "' is no " + type);
    }

    private static ConfigError at(Path file, @Nullable ConfigurationProperty property, String message) {
        var origin = property == null ? null : property.getOrigin();
        var text = origin instanceof PropertySourceOrigin source ? source.getOrigin() : origin;
        var at = text instanceof TextResourceOrigin resource ? resource.getLocation() : null;
        return new ConfigError(
                file.toString(), at == null ? null : at.getLine() + 1, at == null ? null : at.getColumn() + 1, message);
    }
}

package dev.caravan.broker;

import dev.caravan.reload.ConfigError;
import dev.caravan.store.StoreSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
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
            var binder = new Binder(
                    ConfigurationPropertySources.from(sources), new PropertySourcesPlaceholdersResolver(environment));
            for (var type : new Class<?>[] {BrokerSettings.class, StoreSettings.class}) {
                binder.bind("caravan", type);
            }
            binder.bind("logging.level", Map.class);
            return Optional.empty();
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

    private static ConfigError unbound(Path file, BindException e) {
        var property = e.getProperty();
        var origin = property == null ? null : property.getOrigin();
        var text = origin instanceof PropertySourceOrigin source ? source.getOrigin() : origin;
        var at = text instanceof TextResourceOrigin resource ? resource.getLocation() : null;
        var type = e.getTarget().getType().resolve(Object.class).getSimpleName();
        return new ConfigError(
                file.toString(),
                at == null ? null : at.getLine() + 1,
                at == null ? null : at.getColumn() + 1,
                "'" + e.getName() + "' is no " + type);
    }
}

package dev.caravan.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.catalog.Prices;
import dev.caravan.usage.LogQuery;
import dev.caravan.usage.UsageEvents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.flyway.FlywayAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.JdbcTemplateAutoConfiguration;
import org.springframework.boot.autoconfigure.transaction.TransactionAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

class StoreConfigurationTest {

    private static final LogQuery ALL = new LogQuery(1, 50, null, null, null, null, null, null, null);

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    DataSourceAutoConfiguration.class,
                    DataSourceTransactionManagerAutoConfiguration.class,
                    TransactionAutoConfiguration.class,
                    JdbcTemplateAutoConfiguration.class,
                    FlywayAutoConfiguration.class))
            .withUserConfiguration(StoreConfiguration.class, RequestLog.class, HourlyStatistics.class, NoPrices.class);

    @TempDir
    private Path folder;

    @Configuration(proxyBeanMethods = false)
    static class NoPrices {

        @Bean
        Supplier<Prices> prices() {
            return () -> Prices.NONE;
        }
    }

    @Test
    @DisplayName("F7 without a configured database one is made in the data folder")
    void makesAnEmbeddedDatabase() {
        application.withPropertyValues("caravan.data=" + folder).run(context -> {
            context.getBean(RequestLog.class).append(List.of(UsageEvents.answered(Instant.now(), "m", "p", "k", "1")));
            assertThat(context.getBean(RequestLog.class).find(ALL).total()).isEqualTo(1);
            assertThat(context.getBean(StoreSettings.class).logRetention()).isEqualTo(Duration.ofDays(30));
            assertThat(folder.resolve("db/caravan.mv.db")).exists();
        });
    }

    @Test
    @DisplayName("F6 a configured database is used, with its user; its password is never shown")
    void usesTheConfiguredDatabase() {
        application
                .withPropertyValues(
                        "caravan.data=" + folder,
                        "caravan.db-url=jdbc:h2:mem:configured;MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE",
                        "caravan.db-user=someone",
                        "caravan.db-password=hush")
                .run(context -> {
                    assertThat(context.getBean(HourlyStatistics.class)
                                    .report(24, name -> 0)
                                    .models())
                            .isEmpty();
                    assertThat(folder.resolve("db")).doesNotExist();
                    assertThat(context.getBean(StoreSettings.class).toString()).doesNotContain("hush", "jdbc:");
                });
    }

    @Test
    @DisplayName("F5 what was appended is there after a crash")
    void survivesACrash() throws IOException {
        var crashed = folder.resolve("crashed");
        Files.createDirectories(crashed.resolve("db"));
        var event = UsageEvents.answered(Instant.now(), "m", "p", "k", "0.25");
        try (var stored = new Stored(folder.resolve("living"))) {
            stored.log.append(List.of(event));
            stored.statistics.append(List.of(event));
            // what the file system holds at this moment is what a killed process leaves
            Files.copy(folder.resolve("living/db/caravan.mv.db"), crashed.resolve("db/caravan.mv.db"));
        }
        try (var stored = new Stored(crashed)) {
            assertThat(stored.log.find(ALL).total()).isEqualTo(1);
            assertThat(stored.statistics.append(List.of(event))).isZero();
            assertThat(stored.statistics.report(1, name -> 0).counts().totalCost())
                    .isEqualByComparingTo("0.25");
        }
    }

    @Test
    @DisplayName("F5 an interrupted thread does not close the database for the others")
    void outlivesAnInterrupt() throws InterruptedException {
        try (var stored = new Stored(folder)) {
            var interrupted = new Thread(() -> {
                Thread.currentThread().interrupt();
                stored.log.append(List.of(UsageEvents.answered(Instant.now(), "m", "p", "k", "1")));
            });
            interrupted.start();
            interrupted.join();

            stored.log.append(List.of(UsageEvents.answered(Instant.now(), "m", "p", "k", "1")));
            assertThat(stored.log.find(ALL).total()).isEqualTo(2);
        }
    }
}

package dev.caravan.broker;

import dev.caravan.api.DeadLettersApi;
import dev.caravan.api.OwnForms;
import dev.caravan.camel.JobAnswers;
import dev.caravan.camel.JobClientFactory;
import dev.caravan.camel.JobRecords;
import dev.caravan.camel.JobSteps;
import dev.caravan.catalog.LiveCatalog;
import dev.caravan.catalog.Resolved;
import dev.caravan.jobs.Addressee;
import dev.caravan.jobs.Claims;
import dev.caravan.jobs.DeadLetters;
import dev.caravan.jobs.JobQueue;
import dev.caravan.jobs.Lanes;
import dev.caravan.jobs.OffsetWindow;
import dev.caravan.jobs.PublishedResponses;
import dev.caravan.jobs.ReplyTopics;
import dev.caravan.jobs.RetryPolicy;
import dev.caravan.jobs.Topics;
import dev.caravan.store.ClaimTable;
import dev.caravan.usage.Accounts;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.camel.Predicate;
import org.apache.kafka.clients.CommonClientConfigs;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/** What the routes of jobs are made of: named there by the names of these methods. */
@Configuration(proxyBeanMethods = false)
class JobBeans {

    /** As many wait in memory as are asked: so the next one is there when a place is. */
    @Bean
    OffsetWindow jobWindow(BrokerSettings settings) {
        return window(settings);
    }

    /** One of its own: what waits there for its time takes no room from new requests. */
    @Bean
    OffsetWindow retryWindow(BrokerSettings settings) {
        return window(settings);
    }

    private static OffsetWindow window(BrokerSettings settings) {
        var jobs = settings.jobs();
        return new OffsetWindow(2 * jobs.maxInFlight(), jobs.maxInFlightSize().toBytes() / 2);
    }

    @Bean
    JobClientFactory jobClients(OffsetWindow jobWindow) {
        return new JobClientFactory(jobWindow);
    }

    @Bean
    JobClientFactory retryClients(OffsetWindow retryWindow) {
        return new JobClientFactory(retryWindow);
    }

    @Bean(destroyMethod = "shutdown")
    ExecutorService jobThreads() {
        return Executors.newVirtualThreadPerTaskExecutor();
    }

    @Bean
    @DependsOn("flyway")
    ClaimTable claimTable(JdbcTemplate jdbc, TransactionTemplate transactions, Clock clock) {
        return new ClaimTable(jdbc, transactions, clock);
    }

    @Bean
    Claims claims(ClaimTable table, BrokerSettings settings) {
        return new Claims(table, NodeName.of(settings.data()));
    }

    @Bean
    Lanes lanes(BrokerSettings settings) {
        return new Lanes(settings.jobs().maxInFlight(), settings.jobs().perProvider());
    }

    @Bean
    ReplyTopics replyTopics(BrokerSettings settings, Topics topics) {
        return new ReplyTopics(settings.jobs().replyPrefixes(), topics::partitions);
    }

    @Bean
    JobQueue jobQueue(
            Claims claims,
            Lanes lanes,
            LiveCatalog catalog,
            ReplyTopics replyTopics,
            PublishedResponses published,
            BrokerSettings settings,
            Clock clock) {
        return new JobQueue(
                claims,
                lanes,
                asked -> provider(catalog, asked),
                replyTopics,
                published,
                settings.jobs().parkAfter(),
                clock);
    }

    @Bean
    JobSteps jobs(JobQueue queue, BrokerSettings settings, Clock clock) {
        return new JobSteps(queue, settings.jobs().requestTopics(), clock);
    }

    @Bean
    Predicate jobOpen() {
        return JobSteps.open();
    }

    @Bean
    Predicate jobClaimed() {
        return JobSteps.claimed();
    }

    @Bean
    Predicate jobAnswered() {
        return JobSteps.answered();
    }

    @Bean
    Predicate jobLate() {
        return JobSteps.late();
    }

    @Bean
    Predicate jobUnpublished(JobSteps jobs) {
        return jobs.unpublished();
    }

    @Bean
    PublishedResponses publishedResponses(KafkaStart.Ready kafka) {
        return new PublishedResponses(Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers()));
    }

    @Bean
    Predicate jobDead() {
        return JobSteps.dead();
    }

    @Bean
    JobRecords jobRecords(Topics topics, ReplyTopics replyTopics, Clock clock) {
        return new JobRecords(topics::id, replyTopics, clock);
    }

    @Bean
    JobAnswers jobAnswers(Accounts accounts, OwnForms forms, BrokerSettings settings, Clock clock) {
        var jobs = settings.jobs();
        return new JobAnswers(
                accounts,
                forms,
                new RetryPolicy(jobs.maxAttempts(), jobs.retryDelay(), jobs.maxRetryDelay(), jobs.patience()),
                clock);
    }

    @Bean
    DeadLettersApi deadLettersApi(KafkaStart.Ready kafka, ClaimTable claims) {
        return new DeadLettersApi(new DeadLetters(
                Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers()), claims));
    }

    /** The first who would be asked; a name that resolves to nobody is answered without anybody. */
    private static String provider(LiveCatalog catalog, Addressee asked) {
        return catalog.current()
                .resolve(asked.model(), asked.provider())
                .map(Resolved::candidates)
                .filter(candidates -> !candidates.isEmpty())
                .map(candidates -> candidates.getFirst().provider().name())
                .orElse("");
    }
}

package dev.caravan.camel;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.caravan.jobs.Claims;
import dev.caravan.jobs.JobAnswer;
import dev.caravan.jobs.JobQueue;
import dev.caravan.jobs.JobRequest;
import dev.caravan.jobs.JobResponse;
import dev.caravan.jobs.Lanes;
import dev.caravan.jobs.OffsetWindow;
import dev.caravan.jobs.PublishedResponses;
import dev.caravan.jobs.ReplyTopics;
import dev.caravan.jobs.RequestTopics;
import dev.caravan.jobs.Topics;
import dev.caravan.store.ClaimTable;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.function.Function;
import javax.sql.DataSource;
import org.apache.camel.Exchange;
import org.apache.camel.Predicate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.flywaydb.core.Flyway;
import org.h2.jdbcx.JdbcDataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Camel with the job routes, claims in a database, and little else; what answers is given. */
final class JobCamel implements AutoCloseable {

    /** Leaves the request as it is on its way to the answer. */
    public static final class AsTheyAre {

        public void job(Exchange exchange) {}

        public void chat(Exchange exchange) {
            var response = exchange.getMessage().getBody(JobResponse.class);
            JobSteps.job(exchange).answered(new JobAnswer(response, null, "{}".getBytes(UTF_8), null));
        }

        public void bug(Exchange exchange) {
            throw new AssertionError(exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class));
        }
    }

    final OffsetWindow window;
    final DefaultCamelContext context = new DefaultCamelContext();
    private final Claims claims;

    /**
     * Starts it.
     *
     * @param node the name of this instance
     */
    JobCamel(
            String brokers,
            Topics topics,
            DataSource database,
            String node,
            OffsetWindow window,
            Function<JobRequest, JobResponse> answer)
            throws Exception {
        this.window = window;
        var table = new ClaimTable(
                new JdbcTemplate(database),
                new TransactionTemplate(new JdbcTransactionManager(database)),
                Clock.systemUTC());
        claims = new Claims(table, node);
        var replies = new ReplyTopics(List.of("replies"), topics::partitions);
        var queue = new JobQueue(
                claims,
                new Lanes(2000, 2000),
                _ -> "one",
                replies,
                new PublishedResponses(Map.of("bootstrap.servers", brokers)),
                Duration.ofSeconds(2),
                Clock.systemUTC());
        var kafka = new KafkaComponent();
        kafka.setAutowiredEnabled(false);
        kafka.getConfiguration().setBrokers(brokers);
        context.addComponent("kafka", kafka);
        var registry = context.getRegistry();
        var retries = new OffsetWindow(1000, 1 << 20);
        registry.bind("jobWindow", window);
        registry.bind("retryWindow", retries);
        registry.bind("jobClients", new JobClientFactory(window));
        registry.bind("retryClients", new JobClientFactory(retries));
        var steps = new JobSteps(queue, new RequestTopics(List.of()), Clock.systemUTC());
        registry.bind("jobs", steps);
        registry.bind("jobUnpublished", steps.unpublished());
        registry.bind("jobOpen", JobSteps.open());
        registry.bind("jobClaimed", JobSteps.claimed());
        registry.bind("jobAnswered", JobSteps.answered());
        registry.bind("jobLate", JobSteps.late());
        registry.bind("jobDead", JobSteps.dead());
        registry.bind("choiceAsked", (Predicate) _ -> false);
        registry.bind("jobRecords", new JobRecords(topics::id, replies, Clock.systemUTC()));
        registry.bind("arrivals", new AsTheyAre());
        registry.bind("jobAnswers", new AsTheyAre());
        registry.bind("jobThreads", Executors.newVirtualThreadPerTaskExecutor());
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:chat").transform().body(JobRequest.class, answer::apply);
                from("direct:events.job").removeHeaders("*");
            }
        });
        var file = Path.of("routes/jobs.camel.yaml").toUri().toString();
        PluginHelper.getRoutesLoader(context).loadRoutes(ResourceHelper.resolveResource(context, file));
        context.getShutdownStrategy().setTimeout(1);
        context.getShutdownStrategy().setLogInflightExchangesOnTimeout(false);
        context.start();
    }

    /** An empty database with the tables. */
    static DataSource database(Path folder) {
        var source = new JdbcDataSource();
        source.setURL("jdbc:h2:file:" + folder.resolve("db").toAbsolutePath()
                + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;WRITE_DELAY=0;DB_CLOSE_DELAY=-1");
        Flyway.configure().dataSource(source).load().migrate();
        return source;
    }

    @Override
    public void close() {
        context.stop();
        claims.close();
    }
}

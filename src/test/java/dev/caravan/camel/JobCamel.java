package dev.caravan.camel;

import dev.caravan.jobs.JobRequest;
import dev.caravan.jobs.JobResponse;
import dev.caravan.jobs.OffsetWindow;
import dev.caravan.jobs.Topics;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/** Camel with the job routes and little else; what answers is given. */
final class JobCamel implements AutoCloseable {

    /** Leaves the request as it is on its way to the answer, and the answer after it. */
    public static final class AsTheyAre {

        public void keep(Exchange exchange) {}

        public void job(Exchange exchange) {}

        public void chat(Exchange exchange) {}

        public void bug(Exchange exchange) {
            throw new AssertionError(exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class));
        }
    }

    final OffsetWindow window;
    final DefaultCamelContext context = new DefaultCamelContext();

    JobCamel(String brokers, Topics topics, OffsetWindow window, Function<JobRequest, JobResponse> answer)
            throws Exception {
        this.window = window;
        var kafka = new KafkaComponent();
        kafka.setAutowiredEnabled(false);
        kafka.getConfiguration().setBrokers(brokers);
        context.addComponent("kafka", kafka);
        var registry = context.getRegistry();
        registry.bind("jobWindow", window);
        registry.bind("jobClients", new JobClientFactory(window));
        registry.bind("jobRecords", new JobRecords(topics::id));
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

    @Override
    public void close() {
        context.stop();
    }
}

package dev.caravan.camel;

import dev.caravan.jobs.JobRequest;
import dev.caravan.jobs.JobResponse;
import dev.caravan.jobs.OffsetWindow;
import dev.caravan.jobs.Topics;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/** Camel with the job routes and little else; what answers is given. */
final class JobCamel implements AutoCloseable {

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
        registry.bind("jobThreads", Executors.newVirtualThreadPerTaskExecutor());
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:jobs.answer").transform().body(JobRequest.class, answer::apply);
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

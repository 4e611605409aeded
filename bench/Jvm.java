package bench;

import com.sun.management.ThreadMXBean;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.Optional;
import javax.management.MBeanServerConnection;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** A look into another Java process's heap by the JMX agent that every JDK brings, on this machine. */
final class Jvm implements AutoCloseable {

    private final JMXConnector connector;
    private final ThreadMXBean threads;
    private final MemoryMXBean memory;

    private Jvm(JMXConnector connector, MBeanServerConnection connection) throws IOException {
        this.connector = connector;
        this.threads = ManagementFactory.getPlatformMXBean(connection, ThreadMXBean.class);
        this.memory = ManagementFactory.getPlatformMXBean(connection, MemoryMXBean.class);
    }

    /** Empty if it is no Java process, one that lets nobody look, or one before JDK 21, which does not tell. */
    static Optional<Jvm> of(long pid) {
        if (VirtualMachine.list().stream().noneMatch(known -> known.id().equals(Long.toString(pid)))) {
            return Optional.empty();
        }
        try {
            var machine = VirtualMachine.attach(Long.toString(pid));
            var url = machine.startLocalManagementAgent();
            machine.detach();
            var connector = JMXConnectorFactory.connect(new JMXServiceURL(url));
            var jvm = new Jvm(connector, connector.getMBeanServerConnection());
            jvm.allocatedBytes();
            return Optional.of(jvm);
        } catch (IOException | AttachNotSupportedException | RuntimeException e) {
            System.err.println("Process " + pid + " does not tell what it allocates: " + e);
            return Optional.empty();
        }
    }

    /** What all its threads have allocated on the heap since its start, those that have ended included. */
    long allocatedBytes() {
        return threads.getTotalThreadAllocatedBytes();
    }

    /** What is on its heap after a full collection, which this causes. */
    long liveBytes() {
        memory.gc();
        return memory.getHeapMemoryUsage().getUsed();
    }

    @Override
    public void close() {
        try {
            connector.close();
        } catch (IOException e) {
            // The process has ended, and the connection with it.
        }
    }
}

package dev.caravan.door;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.TimeUnit;

/** Looks at all connections now and then, each from its own event loop: that costs less than a timer for each. */
final class Lookout {

    private final Traffic traffic;
    private final Tally tally;

    private Lookout(Service service) {
        this.traffic = service.traffic();
        this.tally = service.tally();
    }

    /** Begins; it ends with the event loops. */
    static void post(EventLoopGroup loops, Service service) {
        Lookout lookout = new Lookout(service);
        long every = service.options().limits().lookEvery().toMillis();
        for (EventExecutor each : loops) {
            EventLoop loop = (EventLoop) each;
            loop.scheduleWithFixedDelay(() -> lookout.look(loop), every, every, TimeUnit.MILLISECONDS);
        }
        loops.next().scheduleWithFixedDelay(lookout::tell, every, every, TimeUnit.MILLISECONDS);
    }

    private void tell() {
        try {
            tally.tell(System.nanoTime());
        } catch (Throwable bug) {
            tally.failed(bug);
        }
    }

    private void look(EventLoop loop) {
        long now = System.nanoTime();
        for (DoorChannel connection : traffic.connections()) {
            if (connection.isOn(loop)) {
                look(connection, now);
            }
        }
    }

    private void look(DoorChannel connection, long now) {
        try {
            connection.look(now);
        } catch (Throwable bug) {
            // A throw would end the looking for good, at all connections.
            tally.failed(bug);
            connection.close();
        }
    }
}

package dev.caravan.route;

import dev.caravan.catalog.RouteSpec;
import java.util.Arrays;

/**
 * Which requests of one name are worth its strong models, when a share of them may go there at most. It begins with what
 * training has seen, and adapts to the scores of the traffic. Thread-safe.
 */
final class StrongCalls {

    /** So many requests of the past are looked at. */
    private static final int WINDOW = 200;

    /** What training has seen counts as if it were so many of them. */
    private static final int BEFOREHAND = 50;

    /** Until so many have been seen, the share is not enforced. */
    private static final int FEWEST = 10;

    private final Weights weights;
    private final double[] scores = new double[WINDOW];
    private final boolean[] strong = new boolean[WINDOW];
    private int next;
    private int size;
    private int strongCalls;

    StrongCalls(Weights weights) {
        this.weights = weights;
    }

    /** The score above which a request goes to a strong model now. */
    synchronized double threshold(RouteSpec spec) {
        var fixed = spec.threshold();
        return fixed == null ? adapted(spec.strongShare()) : fixed;
    }

    /** Whether the strong models have had their share of the requests seen lately. */
    synchronized boolean isUsedUp(RouteSpec spec) {
        return spec.threshold() == null && size >= FEWEST && strongCalls + 1 > spec.strongShare() * (size + 1);
    }

    /** Notes a request whose model was chosen by its score. */
    synchronized void note(double score, boolean wasStrong) {
        if (size == WINDOW) {
            strongCalls -= strong[next] ? 1 : 0;
        } else {
            size++;
        }
        scores[next] = score;
        strong[next] = wasStrong;
        strongCalls += wasStrong ? 1 : 0;
        next = (next + 1) % WINDOW;
    }

    /** The share of requests lately that went to strong models; 0 where there were none. */
    synchronized double share() {
        return size == 0 ? 0 : (double) strongCalls / size;
    }

    synchronized int seen() {
        return size;
    }

    private double adapted(double share) {
        if (size == 0) {
            return weights.threshold(share);
        }
        var all = new double[size + BEFOREHAND];
        System.arraycopy(scores, 0, all, 0, size);
        for (var i = 0; i < BEFOREHAND; i++) {
            all[size + i] = weights.threshold((i + 0.5) / BEFOREHAND);
        }
        Arrays.sort(all);
        return all[(int) Math.min(all.length - 1, Math.floor((1 - share) * all.length))];
    }
}

package io.trafficgovernor.loadtest.witness;

import io.trafficgovernor.admission.Ticker;
import io.trafficgovernor.admission.control.Brakes;
import io.trafficgovernor.admission.control.ControllerState;
import io.trafficgovernor.admission.ledger.LedgerState;
import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.admission.request.Lease;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * I5: nothing is sent while the cluster has as many requests at the store, zombies included, as the
 * highest sum of granted slots since a lease's length before the oldest of them was sent, and one
 * for each node; what a dead node was granted counts no longer than its requests may last. A node
 * without a lease cannot know of the others: it sends while it has nothing at the store itself. And
 * whenever the window is set it is at most max(8, a quarter of a time-out's goodput).
 *
 * <p>Requests whose process has died count for a time-out after its death, as those whose
 * connection was closed do; what they add is noted as I5-dead, apart from the rest.
 */
public final class Window implements Witness {
  private static final double LEAST = 8;
  private static final double TIMEOUT_SHARE = 0.25;
  private static final double ROUNDING = 1e-6;

  private final int nodes;
  private final double timeoutSeconds;
  private final Violations violations;
  private final Deque<Granted> falling = new ArrayDeque<>();
  private final List<Deque<Long>> sent;
  private final @Nullable Lease[] leases;
  private final @Nullable Ticker[] clocks;
  private final Deque<Died> died = new ArrayDeque<>();
  private int all;
  private int orphans;
  private int forgotten;
  private double mostOver = Double.NEGATIVE_INFINITY;

  /** Requests that were at the store when their process died. */
  private static final class Died {
    private final long atNanos;
    private int requests;

    private Died(int requests, long atNanos) {
      this.requests = requests;
      this.atNanos = atNanos;
    }
  }

  private static final class Granted {
    private final int slots;
    private long untilNanos;

    private Granted(int slots, long untilNanos) {
      this.slots = slots;
      this.untilNanos = untilNanos;
    }
  }

  /**
   * A witness of the window.
   *
   * @param timeoutSeconds the greatest of the classes' time-outs
   */
  Window(int nodes, double timeoutSeconds, Violations violations) {
    this.nodes = nodes;
    this.timeoutSeconds = timeoutSeconds;
    this.violations = violations;
    this.sent = Stream.generate(ArrayDeque<Long>::new).limit(nodes).collect(Collectors.toList());
    this.leases = new Lease[nodes];
    this.clocks = new Ticker[nodes];
  }

  @Override
  public void stepped(@Nullable LedgerState before, LedgerState after, long nowNanos) {
    granted(after, nowNanos);
    Phase phase = after.recovery().phase();
    if (before == null || phase == Phase.OUTAGE || before.recovery().phase() == Phase.OUTAGE) {
      return;
    }
    ControllerState from = before.control().controller();
    ControllerState to = after.control().controller();
    double window = to.level().window();
    boolean set = !from.equals(to) && window != from.level().window();
    double allowed = Math.max(LEAST, to.goodput().best() * TIMEOUT_SHARE * timeoutSeconds);
    boolean stalled = to.brakes().stalledSinceNanos() != Brakes.NEVER;
    if (set && !stalled && !to.goodput().samples().isEmpty() && window > allowed * (1 + ROUNDING)) {
      violations.add("I5", nowNanos, "window set to %.1f, allowed %.1f".formatted(window, allowed));
    }
  }

  private void granted(LedgerState after, long nowNanos) {
    int slots = after.grantedSlots((long) (timeoutSeconds * 1e9));
    long until = nowNanos + HighestCeiling.OPEN_LEASE_NANOS;
    Granted last = falling.peekLast();
    if (last != null && last.slots == slots) {
      last.untilNanos = until;
      return;
    }
    while (last != null && last.slots <= slots) {
      falling.removeLast();
      last = falling.peekLast();
    }
    falling.addLast(new Granted(slots, until));
  }

  /**
   * Each node's requests count as if they ended in the order they were sent in: the oldest may have
   * been sent before that, never after.
   */
  private long oldestSentNanos(long nowNanos) {
    long oldest = nowNanos;
    for (Deque<Long> each : sent) {
      Long first = each.peekFirst();
      oldest = first == null ? oldest : Math.min(oldest, first);
    }
    return oldest;
  }

  private int highest(long nowNanos) {
    if (mayForget(nowNanos)) {
      long oldest = oldestSentNanos(nowNanos);
      while (mayForget(oldest)) {
        falling.removeFirst();
      }
    }
    Granted first = falling.peekFirst();
    return first == null ? 0 : first.slots;
  }

  private boolean mayForget(long oldestNanos) {
    return falling.size() > 1 && oldestNanos - falling.peekFirst().untilNanos > 0;
  }

  @Override
  public void adopted(int node, Lease lease, Ticker clock, long nowNanos) {
    leases[node] = lease;
    clocks[node] = clock;
  }

  @Override
  public void surrendered(int node, long nowNanos) {
    leases[node] = null;
  }

  private boolean leased(int node) {
    Lease lease = leases[node];
    Ticker clock = clocks[node];
    return lease != null && clock != null && lease.valid(clock.nanos());
  }

  @Override
  public void sent(Asked asked, long nowNanos) {
    forget(nowNanos);
    sent.get(asked.node()).addLast(nowNanos);
    int own = sent.get(asked.node()).size();
    all++;
    if (!leased(asked.node())) {
      if (own > 1) {
        violations.add(
            "I5",
            nowNanos,
            "%d requests of node %d, which has no lease, at the store, allowed 1"
                .formatted(own, asked.node()));
      }
      return;
    }
    int allowed = highest(nowNanos) + nodes;
    mostOver = Math.max(mostOver, all - orphans - (double) allowed);
    if (all > allowed) {
      boolean living = all - orphans > allowed;
      violations.add(
          living ? "I5" : "I5-dead",
          nowNanos,
          "%d requests at the store, %d of them of dead processes, allowed %d"
              .formatted(all, orphans, allowed));
    }
  }

  /** Those whose process died more than a time-out ago. */
  private void forget(long nowNanos) {
    while (!died.isEmpty() && nowNanos - died.peekFirst().atNanos > timeoutSeconds * 1e9) {
      int gone = died.removeFirst().requests;
      orphans -= gone;
      all -= gone;
      forgotten += gone;
    }
  }

  @Override
  public void finished(Asked asked, long nowNanos) {
    if (asked.node() < 0 && forgotten > 0) {
      forgotten--;
      return;
    }
    all--;
    if (asked.node() < 0) {
      orphans--;
      oldestFinished();
    } else {
      sent.get(asked.node()).removeFirst();
    }
  }

  private void oldestFinished() {
    while (!died.isEmpty() && died.peekFirst().requests == 0) {
      died.removeFirst();
    }
    if (!died.isEmpty()) {
      died.peekFirst().requests--;
    }
  }

  @Override
  public void vanished(int node, long nowNanos) {
    leases[node] = null;
    int left = sent.get(node).size();
    orphans += left;
    died.addLast(new Died(left, nowNanos));
    sent.get(node).clear();
  }

  /** Most requests at the store beyond what was allowed; at most 0 if it held. */
  public double mostOver() {
    return mostOver;
  }
}

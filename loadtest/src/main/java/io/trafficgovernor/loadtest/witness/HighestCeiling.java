package io.trafficgovernor.loadtest.witness;

import io.trafficgovernor.admission.ledger.LedgerState;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The highest ceiling of the last lease length: what nodes may still be going by. While the ledger
 * counts no tokens, and for one of its longer leases after, no rate binds.
 */
public final class HighestCeiling implements Witness {
  /** A lease of 1 s on a clock that runs 0.1 % slow against an owner's that runs 0.1 % slow. */
  static final long LEASE_NANOS = 1_005_000_000L;

  static final long OPEN_LEASE_NANOS = 2 * LEASE_NANOS;

  private final Deque<Level> falling = new ArrayDeque<>();
  private long openUntilNanos;
  private double present;
  private double most;

  private static final class Level {
    private final double ceiling;
    private long untilNanos;

    private Level(double ceiling, long untilNanos) {
      this.ceiling = ceiling;
      this.untilNanos = untilNanos;
    }
  }

  @Override
  public void stepped(@Nullable LedgerState before, LedgerState after, long nowNanos) {
    present = after.control().controller().level().ceiling();
    if (!after.boundByRate()) {
      openUntilNanos = nowNanos + OPEN_LEASE_NANOS;
    } else {
      most = Math.max(most, present);
    }
    Level last = falling.peekLast();
    if (last != null && last.ceiling == present) {
      last.untilNanos = nowNanos + OPEN_LEASE_NANOS;
      return;
    }
    while (last != null && last.ceiling <= present) {
      falling.removeLast();
      last = falling.peekLast();
    }
    falling.addLast(new Level(present, nowNanos + OPEN_LEASE_NANOS));
  }

  /** Whether the rate does not bind now. */
  boolean open(long nowNanos) {
    return nowNanos - openUntilNanos < 0;
  }

  /** Tokens per second. */
  double at(long nowNanos) {
    long horizon = open(nowNanos) ? 0 : OPEN_LEASE_NANOS - LEASE_NANOS;
    while (falling.size() > 1 && nowNanos - falling.peekFirst().untilNanos + horizon > 0) {
      falling.removeFirst();
    }
    Level highest = falling.peekFirst();
    return highest == null ? 0 : Math.max(present, highest.ceiling);
  }

  /** The highest of the whole run, OPEN aside. */
  public double most() {
    return most;
  }
}

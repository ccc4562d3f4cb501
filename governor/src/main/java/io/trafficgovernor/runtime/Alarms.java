package io.trafficgovernor.runtime;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.Ticker;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Many alarms on one timer. Nearly every request sets one and takes it back, so both cost a few
 * writes to memory and no timer: alarms lie in buckets by their time, and whoever is asked to wake
 * this up is asked for the next bucket that is not empty. An alarm rings at its time or up to
 * {@value #TICK_NANOS} ns later, never before. Confined to one thread. Source: Varghese and Lauck,
 * "Hashed and Hierarchical Timing Wheels" (1987), scheme 6.
 */
public final class Alarms {
  /** The width of a bucket. */
  static final long TICK_NANOS = 2_000_000;

  private static final long NANOS_PER_MILLI = 1_000_000;

  /** Alarms further away than this many ticks, 8 s, share buckets with nearer ones. */
  private static final int BUCKETS = 4096;

  private final Ticker ticker;
  private final Waker waker;
  private final long originNanos;
  private final @Nullable Alarm[] buckets = new @Nullable Alarm[BUCKETS];
  private final BitSet used = new BitSet(BUCKETS);

  /** Alarms whose time has come. */
  private final Alarm ringing = new Alarm(0, () -> {});

  /** All up to this tick have rung. */
  private long rungTick;

  /** When it will be woken; no earlier than anything in the buckets needs. */
  private long wakeTick = Long.MAX_VALUE;

  /** Runs something later on the thread of the alarms, once. */
  @FunctionalInterface
  public interface Waker {
    /** Runs it after that time, at least 1 ms. */
    void after(long millis, Runnable then);
  }

  /** One alarm, until it rings or is taken back. */
  public static final class Alarm {
    private final long tick;
    private final Runnable ring;
    private Alarm before = this;
    private Alarm next = this;

    private Alarm(long tick, Runnable ring) {
      this.tick = tick;
      this.ring = ring;
    }

    /** It will not ring. Idempotent, also after it has rung. */
    public void cancel() {
      before.next = next;
      next.before = before;
      before = this;
      next = this;
    }

    private boolean alone() {
      return next == this;
    }

    private void add(Alarm last) {
      last.before = before;
      last.next = this;
      before.next = last;
      before = last;
    }
  }

  /** No alarms yet. */
  public Alarms(Ticker ticker, Waker waker) {
    this.ticker = requireNonNull(ticker, "ticker");
    this.waker = requireNonNull(waker, "waker");
    this.originNanos = ticker.nanos();
  }

  /** Rings at that instant of the ticker, or at the next tick if it has passed. */
  public Alarm at(long atNanos, Runnable ring) {
    long tick = Math.max(rungTick + 1, -Math.floorDiv(originNanos - atNanos, TICK_NANOS));
    Alarm alarm = new Alarm(tick, ring);
    int bucket = (int) (tick % BUCKETS);
    Alarm head = buckets[bucket];
    if (head == null) {
      head = new Alarm(0, () -> {});
      buckets[bucket] = head;
    }
    head.add(alarm);
    used.set(bucket);
    wakeBy(tick);
    return alarm;
  }

  private void wakeBy(long tick) {
    // one that lies a round away is looked at when its bucket comes up
    long soonest = Math.min(tick, rungTick + BUCKETS);
    if (soonest < wakeTick) {
      wakeTick = soonest;
      long inNanos = originNanos + soonest * TICK_NANOS - ticker.nanos();
      waker.after(Math.max(1, (inNanos + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI), this::wake);
    }
  }

  private void wake() {
    long nowTick = Math.floorDiv(ticker.nanos() - originNanos, TICK_NANOS);
    long from = Math.max(rungTick + 1, nowTick - BUCKETS + 1);
    for (long tick = from; tick <= nowTick; tick++) {
      int bucket = (int) (tick % BUCKETS);
      if (used.get(bucket)) {
        collect(bucket, nowTick);
      }
    }
    rungTick = Math.max(rungTick, nowTick);
    if (wakeTick <= nowTick) {
      wakeTick = Long.MAX_VALUE;
    }
    try {
      while (!ringing.alone()) {
        Alarm first = ringing.next;
        first.cancel();
        first.ring.run();
      }
    } finally {
      wakeForNext();
    }
  }

  private void collect(int bucket, long nowTick) {
    Alarm head = requireNonNull(buckets[bucket], "of a used bucket");
    Alarm each = head.next;
    while (each != head) {
      Alarm following = each.next;
      if (each.tick <= nowTick) {
        each.cancel();
        ringing.add(each);
      }
      each = following;
    }
    used.set(bucket, !head.alone());
  }

  private void wakeForNext() {
    if (!ringing.alone()) {
      // one of them failed; the others are not to be forgotten
      wakeBy(rungTick + 1);
      return;
    }
    int after = (int) ((rungTick + 1) % BUCKETS);
    int bucket = used.nextSetBit(after);
    if (bucket < 0) {
      bucket = used.nextSetBit(0);
    }
    if (bucket >= 0) {
      wakeBy(rungTick + 1 + Math.floorMod(bucket - after, BUCKETS));
    }
  }
}

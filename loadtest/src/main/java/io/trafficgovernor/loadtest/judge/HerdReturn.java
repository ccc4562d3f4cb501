package io.trafficgovernor.loadtest.judge;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.loadtest.record.AttemptLog;
import io.trafficgovernor.loadtest.record.RunRecord;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** How a herd that came at once was sent away, came back and was served, on any clock. */
public final class HerdReturn {
  private static final double SECOND = 1e9;
  private static final long SLOT_NANOS = 50_000_000L;

  /** The first blow is not of our making; what comes after it is. */
  private static final long BLOW_NANOS = 500_000_000L;

  /** A slot with fewer tokens says more of chance than of us. */
  private static final double FEWEST_IN_SLOT = 5;

  private static final double NEARLY_ALL = 0.99;

  /** No ceiling of a run is as high. */
  private static final double UNBOUND_PER_SECOND = 1e7;

  private final Herd herd;
  private final List<AttemptLog> attempts;
  private final Allowed allowed;
  private final List<Capacity> capacity;

  /** What the ceiling allowed between two instants; infinite where the rate does not bind. */
  @FunctionalInterface
  public interface Allowed {
    double tokens(long fromNanos, long toNanos);
  }

  /** What the store could serve at an instant. */
  public record Capacity(long atNanos, double perSecond) {}

  /**
   * Those who came.
   *
   * @param servedNanos when each one who was served was served, in the order of time
   */
  public record Herd(long cameNanos, int users, List<Long> servedNanos) {
    public Herd {
      servedNanos = List.copyOf(servedNanos);
    }

    /** When 99 % of them were served; the largest instant if they never were. */
    public long drainedNanos() {
      int nearlyAll = (int) Math.ceil(NEARLY_ALL * users);
      return servedNanos.size() < nearlyAll ? Long.MAX_VALUE : servedNanos.get(nearlyAll - 1);
    }

    /** Whether they were. */
    public boolean drained() {
      return drainedNanos() < Long.MAX_VALUE;
    }
  }

  /**
   * A herd among others.
   *
   * @param attempts of everybody, the herd included
   * @param capacity in the order of time
   */
  public HerdReturn(
      Herd herd, List<AttemptLog> attempts, Allowed allowed, List<Capacity> capacity) {
    this.herd = requireNonNull(herd, "herd");
    this.attempts = List.copyOf(attempts);
    this.allowed = requireNonNull(allowed, "allowed");
    this.capacity = List.copyOf(capacity);
  }

  /** That herd of a run on real sockets, whose own log holds everybody else. */
  public static HerdReturn of(RunRecord run, AttemptLog herd, long cameNanos, int users) {
    CeilingLine ceiling = CeilingLine.of(run.nodes());
    List<Long> served =
        IntStream.range(0, herd.size())
            .filter(i -> herd.ending(i).good())
            .mapToObj(herd::endedNanos)
            .toList();
    return new HerdReturn(
        new Herd(cameNanos, users, served),
        List.of(run.attempts(), herd),
        (from, to) -> ceiling.open(from, to) ? Double.POSITIVE_INFINITY : ceiling.tokens(from, to),
        run.store().stream()
            .map(at -> new Capacity(at.atNanos(), at.capacityPerSecond()))
            .toList());
  }

  /** Most attempts that began in a slot of 50 ms after the first blow, over its tokens. */
  public double peak() {
    long from = herd.cameNanos() + BLOW_NANOS;
    double[] began = began(from, SLOT_NANOS);
    double worst = 0;
    for (int slot = 0; slot < began.length; slot++) {
      double tokens = allowed.tokens(from + slot * SLOT_NANOS, from + (slot + 1) * SLOT_NANOS);
      if (tokens >= FEWEST_IN_SLOT) {
        worst = Math.max(worst, began[slot] / tokens);
      }
    }
    return worst;
  }

  /**
   * Until nearly all were served, over the time in which a store as warm as this one was, always at
   * work, would have served them and everybody else who was served meanwhile. Infinite if they
   * never were, NaN if the store's capacity is not known for so long.
   */
  public double drain() {
    if (!herd.drained()) {
      return Double.POSITIVE_INFINITY;
    }
    long came = herd.cameNanos();
    double work = served(herd.drainedNanos());
    for (int i = 1; i < capacity.size(); i++) {
      long from = Math.max(came, capacity.get(i - 1).atNanos());
      double perSecond = (capacity.get(i - 1).perSecond() + capacity.get(i).perSecond()) / 2;
      double done = perSecond * Math.max(0, capacity.get(i).atNanos() - from) / SECOND;
      if (done >= work) {
        double ideal = (from - came) / SECOND + work / perSecond;
        return (herd.drainedNanos() - came) / SECOND / ideal;
      }
      work -= done;
    }
    return Double.NaN;
  }

  /** Attempts that ended well from the herd's coming until then. */
  private double served(long untilNanos) {
    long served = 0;
    for (AttemptLog log : attempts) {
      for (int i = 0; i < log.size(); i++) {
        long at = log.endedNanos(i);
        boolean meanwhile = at >= herd.cameNanos() && at <= untilNanos;
        served += meanwhile && log.ending(i).good() ? 1 : 0;
      }
    }
    return served;
  }

  /** Attempts of everybody for each that ended well, from the herd's coming on. */
  public double attemptsPerSuccess() {
    long all = 0;
    long good = 0;
    for (AttemptLog log : attempts) {
      for (int i = 0; i < log.size(); i++) {
        if (log.plannedNanos(i) >= herd.cameNanos()) {
          all++;
          good += log.ending(i).good() ? 1 : 0;
        }
      }
    }
    return good == 0 ? Double.POSITIVE_INFINITY : all / (double) good;
  }

  /** Attempts that began in each slot of that length, from that instant to the last one. */
  public double[] began(long fromNanos, long slotNanos) {
    Slots slots = new Slots(fromNanos, slotNanos);
    for (AttemptLog log : attempts) {
      for (int i = 0; i < log.size(); i++) {
        slots.add(log.plannedNanos(i));
      }
    }
    return slots.counts();
  }

  /** Attempts that ended well in each slot of that length. */
  public double[] served(long fromNanos, long slotNanos) {
    Slots slots = new Slots(fromNanos, slotNanos);
    for (AttemptLog log : attempts) {
      for (int i = 0; i < log.size(); i++) {
        if (log.ending(i).good()) {
          slots.add(log.endedNanos(i));
        }
      }
    }
    return slots.counts();
  }

  /** How many instants fell into each stretch of time; the last one is not empty. */
  private static final class Slots {
    private final long fromNanos;
    private final long slotNanos;
    private double[] counts = new double[64];
    private int used;

    private Slots(long fromNanos, long slotNanos) {
      this.fromNanos = fromNanos;
      this.slotNanos = slotNanos;
    }

    private void add(long atNanos) {
      int slot = (int) Math.floorDiv(atNanos - fromNanos, slotNanos);
      if (slot >= 0) {
        used = Math.max(used, slot + 1);
        if (used > counts.length) {
          counts = Arrays.copyOf(counts, 2 * used);
        }
        counts[slot]++;
      }
    }

    private double[] counts() {
      return Arrays.copyOf(counts, used);
    }
  }

  /** Tokens of each of so many slots; NaN where the rate does not bind. */
  public double[] tokens(long fromNanos, long slotNanos, int slots) {
    double[] tokens = new double[slots];
    for (int slot = 0; slot < slots; slot++) {
      double of = allowed.tokens(fromNanos + slot * slotNanos, fromNanos + (slot + 1) * slotNanos);
      tokens[slot] = of > UNBOUND_PER_SECOND * slotNanos / SECOND ? Double.NaN : of;
    }
    return tokens;
  }

  /** Those it is about. */
  public Herd herd() {
    return herd;
  }
}

package io.trafficgovernor.admission.bench;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.trafficgovernor.admission.ClassTable;
import io.trafficgovernor.admission.Outcome;
import io.trafficgovernor.admission.RequestClass;
import io.trafficgovernor.admission.lease.Grant;
import io.trafficgovernor.admission.lease.GrantId;
import io.trafficgovernor.admission.order.SessionKey;
import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.admission.request.AdmissionController;
import io.trafficgovernor.admission.request.Arrival;
import io.trafficgovernor.admission.request.Decision;
import io.trafficgovernor.admission.request.Lease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What a decision costs, beside the two things it is made of or could be made of: the bucket alone,
 * and a bare GCRA. All read the clock once, all admit.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DecisionBench {
  private static final long RATE = 1_000_000_000L;
  private static final int CLASSES = 6;
  private static final long HOUR_NANOS = 3_600_000_000_000L;

  private final AtomicLong theoretical = new AtomicLong();
  private final Bucket bucket =
      Bucket.builder()
          .addLimit(
              Bandwidth.builder()
                  .capacity(Long.MAX_VALUE / 4)
                  .refillGreedy(RATE, Duration.ofSeconds(1))
                  .build())
          .withNanosecondPrecision()
          .build();
  private AdmissionController admission;
  private AdmissionController closed;
  private long session;

  /** Two nodes: one with tokens for everybody, one whose cutoff lets nobody in. */
  @Setup
  public void begin() {
    long now = System.nanoTime();
    admission = node(Long.MAX_VALUE, now);
    closed = node(0, now);
    theoretical.set(now);
  }

  private static AdmissionController node(long cutoffKey, long now) {
    List<RequestClass> classes = new ArrayList<>();
    for (int rank = 0; rank < CLASSES; rank++) {
      classes.add(
          new RequestClass(rank, "class-" + rank, Set.of(), 150_000_000L, 1_000_000_000L));
    }
    AdmissionController node =
        new AdmissionController(new ClassTable(classes), (nanos, task) -> {}, false);
    Grant.ClusterView view =
        new Grant.ClusterView(
            1,
            Phase.RAMPING,
            RATE,
            1e9,
            RATE,
            cutoffKey,
            7,
            List.of(0, 1),
            "",
            0,
            List.of(),
            List.of(), false);
    Grant grant =
        new Grant(
            new GrantId(1, 1),
            view,
            RATE,
            Integer.MAX_VALUE - 1,
            0,
            HOUR_NANOS,
            HOUR_NANOS,
            OptionalLong.empty(),
            1);
    node.adopt(new Lease(grant, now), now);
    return node;
  }

  /** The yardstick: what every user of the library pays. */
  @Benchmark
  public boolean plainBucket() {
    return bucket.tryConsume(1);
  }

  /** The other yardstick: nothing but a rate. */
  @Benchmark
  public boolean bareGcra() {
    long now = System.nanoTime();
    while (true) {
      long at = theoretical.get();
      long next = Math.max(at, now) + 1;
      if (next - now > 1_000_000_000L) {
        return false;
      }
      if (theoretical.compareAndSet(at, next)) {
        return true;
      }
    }
  }

  private Arrival arrival(int rank, long now) {
    session += 0x9e3779b97f4a7c15L;
    return new Arrival(rank, session, now, true, (decision, at) -> {});
  }

  /** Ours: cutoff, order, slot, token, counters, and the permit; then its end. */
  @Benchmark
  public Decision admittedAndEnded() {
    long now = System.nanoTime();
    Decision decision = admission.decide(arrival(0, now), now);
    if (decision instanceof Decision.Admitted admitted) {
      admitted.permit().send(now);
      admitted.permit().end(Outcome.SUCCESS, 1_000_000, now);
    }
    return decision;
  }

  /** The decision alone; the slot is not given back. */
  @Benchmark
  public Decision admitted() {
    long now = System.nanoTime();
    return admission.decide(arrival(0, now), now);
  }

  /** A lower class, for which tokens stay behind. */
  @Benchmark
  public Decision admittedBelowOthers() {
    long now = System.nanoTime();
    return admission.decide(arrival(4, now), now);
  }

  /** What a herd costs: refused by its key, with a time to come back at. */
  @Benchmark
  public Decision refusedByCutoff() {
    long now = System.nanoTime();
    return closed.decide(arrival(4, now), now);
  }

  /** The key of a session, as a part of the above. */
  @Benchmark
  public long sessionKey() {
    session += 0x9e3779b97f4a7c15L;
    return SessionKey.of(4, session, 7);
  }
}

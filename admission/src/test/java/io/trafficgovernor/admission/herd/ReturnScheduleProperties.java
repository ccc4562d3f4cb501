package io.trafficgovernor.admission.herd;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.ShedReason;
import io.trafficgovernor.admission.lease.Grant.ClusterView;
import io.trafficgovernor.admission.order.SessionKey;
import io.trafficgovernor.admission.recovery.Phase;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random plans: nobody is told nonsense, and no second gets more returns than it has room for. */
final class ReturnScheduleProperties {
  private static final int CLASSES = 3;
  private static final List<Phase> PHASES = List.of(Phase.values());
  private static final List<ShedReason> REASONS = List.of(ShedReason.values());

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 200);
  }

  private static ClusterView view(SplittableRandom random, Phase phase) {
    List<Double> demand = random.doubles(CLASSES, 0, 500).boxed().toList();
    double growth = random.nextDouble(-0.1, 0.4);
    double ceiling = random.nextDouble(10, 1000);
    return new ClusterView(
        1,
        phase,
        ceiling,
        50,
        1000,
        0,
        random.nextInt(3),
        List.of(0, 1),
        "",
        growth,
        demand,
        List.of(),
        false);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void delays_areBounded(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    ReturnSchedule schedule = new ReturnSchedule(CLASSES);
    long now = random.nextLong();
    for (int i = 0; i < 500; i++) {
      Phase phase = PHASES.get(random.nextInt(PHASES.size()));
      ShedReason reason = REASONS.get(random.nextInt(REASONS.size()));
      int rank = random.nextInt(CLASSES);
      long key = rank * SessionKey.PER_CLASS + random.nextInt(65_536);
      long delay =
          schedule.delayNanos(
              rank, key, reason, view(random, phase), random.nextDouble(0, 300), now);
      assertThat(delay).isBetween(ReturnSchedule.MIN_NANOS, ReturnSchedule.MAX_NANOS);
      now += random.nextLong(2_000_000_000L);
    }
  }

  /** The places given out for any second are no more than the tokens planned for it. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void places_fitTheTokensLeftOver(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    ClusterView view = view(random, Phase.RAMPING);
    ReturnSchedule schedule = new ReturnSchedule(CLASSES);
    int rank = random.nextInt(CLASSES);
    long[] places = new long[301];
    for (int i = 0; i < 3000; i++) {
      long delay =
          schedule.delayNanos(rank, 0, ShedReason.TOKENS, view, view.ceilingPerSecond(), 0);
      places[(int) (delay / 1_000_000_000L)]++;
    }
    PlannedRamp ramp = new PlannedRamp(view.ceilingPerSecond(), view.growthPerSecond());
    double taken = view.demandPerSecond().subList(0, rank + 1).stream().mapToDouble(d -> d).sum();
    for (int second = 1; second < 300; second++) {
      double ceiling = ramp.ceilingIn(second + 1);
      double left = Math.max(0.1 * ceiling, ceiling - taken);
      assertThat((double) places[second])
          .as("second %d", second)
          .isLessThanOrEqualTo(Math.max(0.1, left) + 1);
    }
  }

  /** The keys called back up to an instant are those the ceiling will have room for by then. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void keys_neverAheadOfTheRamp(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    ClusterView view = view(random, Phase.RAMPING);
    ReturnSchedule schedule = new ReturnSchedule(CLASSES);
    PlannedRamp ramp = new PlannedRamp(view.ceilingPerSecond(), view.growthPerSecond());
    for (int i = 0; i < 200; i++) {
      int rank = 1 + random.nextInt(CLASSES - 1);
      int hash = random.nextInt(65_536);
      long delay =
          schedule.delayNanos(
              rank, rank * SessionKey.PER_CLASS + hash, ShedReason.CUTOFF, view, 1, 0);
      double demand =
          view.demandPerSecond().subList(0, rank).stream().mapToDouble(d -> d).sum()
              + hash / 65_536.0 * view.demandPerSecond().get(rank);
      double room = 1.1 * ramp.ceilingIn(delay / 1e9);
      boolean latest = delay == ReturnSchedule.MAX_NANOS;
      assertThat(latest || demand <= room).as("demand %s, room %s", demand, room).isTrue();
    }
  }
}

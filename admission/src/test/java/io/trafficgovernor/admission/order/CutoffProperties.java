package io.trafficgovernor.admission.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** I7: the cutoff falls only for a lower ceiling or clearly more demand. */
final class CutoffProperties {
  static LongStream seeds() {
    return LongStream.rangeClosed(1, 200);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void next_fallsOnlyForACause(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Double> demand = demand(random, 6);
    double ceiling = 100;
    Cutoff cutoff = new Cutoff(0, 0, 0);
    for (int step = 0; step < 100; step++) {
      double before = ceiling;
      List<Double> demandBefore = demand;
      ceiling = Math.max(1, ceiling * (0.9 + 0.2 * random.nextDouble()));
      demand = random.nextInt(5) == 0 ? demand(random, 6) : noisy(demand, random);
      Cutoff next = cutoff.next(ceiling, demand);
      if (next.key() < cutoff.key()) {
        boolean ceilingFell = ceiling < before;
        assertThat(ceilingFell || rose(demandBefore, demand)).isTrue();
      }
      cutoff = next;
    }
  }

  /** Whether any class asks for more than before, which the tolerance of 2 % may add up to. */
  private static boolean rose(List<Double> before, List<Double> after) {
    for (int rank = 0; rank < before.size(); rank++) {
      if (after.get(rank) > before.get(rank)) {
        return true;
      }
    }
    return false;
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void openShare_addsUpToTheHeadroom(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Double> demand = demand(random, 6);
    double total = demand.stream().mapToDouble(d -> d).sum();
    double ceiling = demand.get(0) + random.nextDouble() * total;
    Cutoff cutoff = new Cutoff(0, 0, 0).next(ceiling, demand);
    double open = 0;
    for (int rank = 0; rank < demand.size(); rank++) {
      open += demand.get(rank) * cutoff.openShare(rank);
    }
    assertThat(open).isBetween(0.0, Math.min(total, Cutoff.HEADROOM * ceiling) + 1e-6);
    assertThat(open).isGreaterThan(Math.min(total, Cutoff.HEADROOM * ceiling) - total / 65_536);
  }

  private static List<Double> demand(SplittableRandom random, int classes) {
    List<Double> demand = new ArrayList<>();
    for (int rank = 0; rank < classes; rank++) {
      demand.add(random.nextDouble() * 100);
    }
    return demand;
  }

  private static List<Double> noisy(List<Double> demand, SplittableRandom random) {
    return demand.stream().map(d -> d * (0.99 + 0.02 * random.nextDouble())).toList();
  }
}

package io.trafficgovernor.loadtest.replay;

import io.trafficgovernor.loadtest.replay.Disturbance.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A seeded schedule of troubles for a cluster of governors: one node at a time is killed and
 * started again, or stands still and goes on, so that the others keep their majority. Pure.
 */
final class Chaos {
  private static final double FIRST_SECONDS = 2;
  private static final double LONGEST_GAP_SECONDS = 4;

  /** Shorter and longer than a lease of 1 s, and than the grid's own patience. */
  private static final double LONGEST_STILL_SECONDS = 6;

  /** A governor that was started again is in the cluster after so long. */
  private static final double JOIN_SECONDS = 8;

  private static final double KILL_SHARE = 0.5;

  private Chaos() {}

  /** That many troubles; each begins when the one before has ended. */
  static List<Disturbance> schedule(int troubles, int nodes, RandomGenerator random) {
    List<Disturbance> schedule = new ArrayList<>();
    double at = FIRST_SECONDS;
    for (int i = 0; i < troubles; i++) {
      int node = random.nextInt(nodes);
      boolean kill = random.nextDouble() < KILL_SHARE;
      double still = 0.2 + random.nextDouble() * (LONGEST_STILL_SECONDS - 0.2);
      schedule.add(at(at, node, kill ? Kind.KILL : Kind.STOP));
      schedule.add(at(at + still, node, kill ? Kind.RESTART : Kind.CONTINUE));
      at += still + (kill ? JOIN_SECONDS : 0.5) + random.nextDouble() * LONGEST_GAP_SECONDS;
    }
    schedule.sort(Comparator.comparing(Disturbance::afterReturn));
    return schedule;
  }

  private static Disturbance at(double seconds, int node, Kind kind) {
    return new Disturbance(Duration.ofMillis(Math.round(seconds * 1000)), node, kind);
  }
}

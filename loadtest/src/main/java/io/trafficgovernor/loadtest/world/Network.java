package io.trafficgovernor.loadtest.world;

import io.trafficgovernor.admission.Scheduler;
import java.util.Arrays;
import java.util.SplittableRandom;

/** What lies between the nodes: messages take 1 to 3 ms, and more when the weather is bad. */
final class Network {
  private static final double LEAST_SECONDS = 0.001;
  private static final double SPREAD_SECONDS = 0.002;
  private static final double LOCAL_SECONDS = 0.00005;

  private final EventQueue truth;
  private final SplittableRandom random;
  private final int[] side;
  private double delaySeconds;
  private double loss;
  private double doubled;

  Network(EventQueue truth, int nodes, SplittableRandom random) {
    this.truth = truth;
    this.side = new int[nodes];
    this.random = random;
  }

  /** From now on messages are late by that mean, lost or doubled with those probabilities. */
  void weather(double delaySeconds, double loss, double doubled) {
    this.delaySeconds = delaySeconds;
    this.loss = loss;
    this.doubled = doubled;
  }

  /** Puts nodes on that side of a split; 0 is where all are while there is none. */
  void split(Iterable<Integer> nodes, int onSide) {
    nodes.forEach(node -> side[node] = onSide);
  }

  void heal() {
    Arrays.fill(side, 0);
  }

  boolean connected(int one, int other) {
    return side[one] == side[other];
  }

  /** What all messages draw from that have no weather of their own. */
  SplittableRandom weather() {
    return random;
  }

  /** Carries a message; it may come late, twice or never. */
  void carry(int from, int to, Scheduler.Task arrival) {
    carry(from, to, random, arrival);
  }

  /** Carries one in weather of its own, so that what others draw stays as it is. */
  void carry(int from, int to, SplittableRandom weather, Scheduler.Task arrival) {
    if (from == to) {
      truth.after((long) (LOCAL_SECONDS * 1e9), arrival);
      return;
    }
    int copies = 1;
    if (loss > 0 && weather.nextDouble() < loss) {
      copies = 0;
    } else if (doubled > 0 && weather.nextDouble() < doubled) {
      copies = 2;
    }
    for (int copy = 0; copy < copies; copy++) {
      truth.after(
          delay(weather),
          now -> {
            if (connected(from, to)) {
              arrival.run(now);
            }
          });
    }
  }

  private long delay(SplittableRandom weather) {
    double seconds = LEAST_SECONDS + SPREAD_SECONDS * weather.nextDouble();
    if (delaySeconds > 0) {
      seconds += -Math.log1p(-weather.nextDouble()) * delaySeconds;
    }
    return (long) (seconds * 1e9);
  }
}

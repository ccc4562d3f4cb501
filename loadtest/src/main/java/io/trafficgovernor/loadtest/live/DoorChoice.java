package io.trafficgovernor.loadtest.live;

import java.util.Arrays;
import java.util.List;

/**
 * Which gateway a client asks: by the gateways' weights, of those that are in. To be used on the
 * event loop.
 */
public final class DoorChoice {
  private final double[] weights;
  private final boolean[] out;

  /** All are in, with equal weights. */
  DoorChoice(int doors) {
    weights = new double[doors];
    out = new boolean[doors];
    Arrays.fill(weights, 1);
  }

  /** Takes one out, or back in. */
  void choose(int door, boolean ready) {
    out[door] = !ready;
  }

  /**
   * Gives the first gateways these weights; the others keep theirs.
   *
   * @param of at most as many as there are gateways, each above 0
   */
  void weigh(List<Double> of) {
    for (int door = 0; door < of.size(); door++) {
      weights[door] = of.get(door);
    }
  }

  /** The weights of the most skewed places of a Zipf law: the rank to the power of minus s. */
  public static List<Double> zipf(int doors, double s) {
    Double[] weights = new Double[doors];
    Arrays.setAll(weights, rank -> Math.pow(rank + 1.0, -s));
    return List.of(weights);
  }

  /** The weights of nodes of which one has that part of the load, and the others the rest. */
  public static List<Double> hot(int doors, int hot, double part) {
    Double[] weights = new Double[doors];
    Arrays.setAll(weights, door -> door == hot ? part : (1 - part) / (doors - 1));
    return List.of(weights);
  }

  /**
   * The gateway at that part of the weights of those that are in; of all, if none is.
   *
   * @param part in [0, 1)
   */
  int at(double part) {
    double sum = 0;
    for (int door = 0; door < out.length; door++) {
      sum += out[door] ? 0 : weights[door];
    }
    boolean none = sum == 0;
    double left = part * (none ? Arrays.stream(weights).sum() : sum);
    int last = 0;
    for (int door = 0; door < out.length; door++) {
      if (none || !out[door]) {
        last = door;
        left -= weights[door];
        if (left < 0) {
          return door;
        }
      }
    }
    return last;
  }
}

package io.trafficgovernor.loadtest.store;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Draws keys 0, 1, 2, ... with a probability that falls as 1 / rank^exponent. Thread-safe. */
public final class Zipf {
  private final double[] cumulative;

  /** A draw over that many keys. */
  public Zipf(int keys, double exponent) {
    cumulative = new double[keys];
    double sum = 0;
    for (int key = 0; key < keys; key++) {
      sum += Math.pow(key + 1.0, -exponent);
      cumulative[key] = sum;
    }
  }

  /** The next key. */
  public int draw(RandomGenerator random) {
    double at = random.nextDouble() * cumulative[cumulative.length - 1];
    int found = Arrays.binarySearch(cumulative, at);
    return Math.min(cumulative.length - 1, found >= 0 ? found : -found - 1);
  }
}

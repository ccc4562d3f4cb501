package io.trafficgovernor.loadtest.store;

import java.util.random.RandomGenerator;

/** How service times scatter about their mean. */
public sealed interface Noise {
  /** A factor with mean 1, more than 0. */
  double factor(RandomGenerator random);

  /** Every request takes exactly its mean. */
  record None() implements Noise {
    @Override
    public double factor(RandomGenerator random) {
      return 1;
    }
  }

  /** Memoryless: variation 1, with many short ones. */
  record Exponential() implements Noise {
    @Override
    public double factor(RandomGenerator random) {
      return -Math.log1p(-random.nextDouble());
    }
  }

  /**
   * Lognormal.
   *
   * @param variation standard deviation over mean, more than 0
   */
  record Lognormal(double variation) implements Noise {
    public Lognormal {
      if (!(variation > 0 && variation <= 10)) {
        throw new IllegalArgumentException(
            "variation: got " + variation + ", allowed more than 0 and at most 10");
      }
    }

    @Override
    public double factor(RandomGenerator random) {
      double sigma = Math.sqrt(Math.log1p(variation * variation));
      return Math.exp(sigma * random.nextGaussian() - sigma * sigma / 2);
    }
  }
}

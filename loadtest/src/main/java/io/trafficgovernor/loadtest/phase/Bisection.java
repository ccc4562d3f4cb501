package io.trafficgovernor.loadtest.phase;

import java.util.OptionalDouble;
import java.util.function.DoublePredicate;

/** Finds where a question's answer turns. */
final class Bisection {
  private Bisection() {}

  /**
   * The least value at which it holds, at most {@code step} too high; empty if it does not hold at
   * {@code high}. It must hold for everything above a value for which it holds; where chance blurs
   * that, the answer lies within the blur.
   */
  static OptionalDouble least(double low, double high, double step, DoublePredicate holds) {
    if (!holds.test(high)) {
      return OptionalDouble.empty();
    }
    double no = low;
    double yes = high;
    while (yes - no > step) {
      double middle = (no + yes) / 2;
      if (holds.test(middle)) {
        yes = middle;
      } else {
        no = middle;
      }
    }
    return OptionalDouble.of(yes);
  }
}

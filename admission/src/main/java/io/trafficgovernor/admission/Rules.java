package io.trafficgovernor.admission;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Which rules of the law hold. A value that is handed to those who apply them, so that a study can
 * leave one out without another build.
 *
 * @param without those that do not hold
 */
public record Rules(Set<Rule> without) {
  /** All of them: what production runs. */
  public static final Rules ALL = new Rules(Set.of());

  public Rules {
    without = Set.copyOf(without);
  }

  /** All but these. */
  public static Rules without(List<Rule> rules) {
    return rules.isEmpty() ? ALL : new Rules(EnumSet.copyOf(rules));
  }

  /** Whether that rule holds. */
  public boolean hold(Rule rule) {
    return !without.contains(rule);
  }
}

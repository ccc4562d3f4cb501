package io.trafficgovernor.loadtest.witness;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The violations of a run: how many of each invariant, and the first few in words. */
public final class Violations {
  private static final int KEPT = 20;

  private final Map<String, Integer> counts = new TreeMap<>();
  private final List<Violation> first = new ArrayList<>();

  /** Notes one. */
  public void add(String invariant, long nowNanos, String words) {
    int before = counts.merge(invariant, 1, Integer::sum) - 1;
    if (first.size() < KEPT && before < KEPT / 4) {
      first.add(new Violation(invariant, nowNanos / 1e9, words));
    }
  }

  /** How many of each invariant; empty if all held. */
  public Map<String, Integer> counts() {
    return Collections.unmodifiableMap(counts);
  }

  /** The first of each, in the order of time. */
  public List<Violation> first() {
    return Collections.unmodifiableList(first);
  }

  public boolean none() {
    return counts.isEmpty();
  }
}

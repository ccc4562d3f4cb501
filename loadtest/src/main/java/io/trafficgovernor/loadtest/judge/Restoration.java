package io.trafficgovernor.loadtest.judge;

import io.trafficgovernor.loadtest.plan.Population;
import io.trafficgovernor.loadtest.plan.SystemTraffic;
import io.trafficgovernor.loadtest.plan.TrafficClass;
import io.trafficgovernor.loadtest.record.AttemptLog;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * When every class and every system was back.
 *
 * @param classes by name, in the order of importance
 * @param systems in the order of the population
 */
public record Restoration(Map<String, Back> classes, List<Back> systems) {
  public Restoration {
    classes = Collections.unmodifiableMap(new LinkedHashMap<>(classes));
    systems = List.copyOf(systems);
  }

  /** What the log shows of the time from the return on, as far as it is known. */
  public static Restoration of(
      Population population, AttemptLog log, long returnNanos, long knownNanos) {
    int[] firsts = BackDetector.firsts(log, returnNanos);
    List<SystemTraffic> systems = population.systems();
    Function<IntPredicate, Back> back =
        wanted -> {
          int[] some =
              Arrays.stream(firsts).filter(index -> wanted.test(log.system(index))).toArray();
          return BackDetector.of(log, some).after(returnNanos, knownNanos);
        };
    Map<String, Back> classes = new LinkedHashMap<>();
    for (TrafficClass each : population.classes()) {
      classes.put(
          each.name(), back.apply(system -> systems.get(system).className().equals(each.name())));
    }
    return new Restoration(
        classes,
        IntStream.range(0, systems.size())
            .mapToObj(wanted -> back.apply(system -> system == wanted))
            .toList());
  }

  /** Seconds until the last class was back; empty if one never was. */
  public OptionalDouble allClassesSeconds() {
    double last = 0;
    for (Back back : classes.values()) {
      if (back.seconds().isEmpty()) {
        return OptionalDouble.empty();
      }
      last = Math.max(last, back.seconds().getAsDouble());
    }
    return OptionalDouble.of(last);
  }

  /** Classes that were back within that many seconds. */
  public int classesWithin(double seconds) {
    return (int)
        classes.values().stream()
            .filter(back -> back.seconds().orElse(Double.POSITIVE_INFINITY) <= seconds)
            .count();
  }

  /** Systems that had first attempts enough and were not back all the same. */
  public int systemsNeverBack() {
    return (int) systems.stream().filter(Back.Never.class::isInstance).count();
  }

  /** Whether nothing is left to wait for. */
  public boolean complete() {
    return allClassesSeconds().isPresent() && systemsNeverBack() == 0;
  }

  /**
   * By how many seconds a class was back before one of its parents, at worst; at most 0 if none
   * was. Empty if some class never was.
   */
  public OptionalDouble worstInversionSeconds(Population population) {
    if (allClassesSeconds().isEmpty()) {
      return OptionalDouble.empty();
    }
    double worst = Double.NEGATIVE_INFINITY;
    for (TrafficClass child : population.classes()) {
      for (String parent : child.after()) {
        worst = Math.max(worst, seconds(parent) - seconds(child.name()));
      }
    }
    return OptionalDouble.of(worst);
  }

  /**
   * When that class was back.
   *
   * @throws IllegalArgumentException if there is no such class
   */
  public Back of(String className) {
    Back back = classes.get(className);
    if (back == null) {
      throw new IllegalArgumentException(
          "class: got " + className + ", allowed " + classes.keySet());
    }
    return back;
  }

  private double seconds(String className) {
    return of(className).seconds().orElse(Double.NaN);
  }
}

package io.trafficgovernor.loadtest.plan;

import io.trafficgovernor.loadtest.store.Zipf;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * All clients.
 *
 * @param ratePerSecond first attempts of all systems together
 * @param classes in the order of importance
 * @param systems their shares add up to 1
 * @param honouring part of the users whose clients wait as long as Retry-After says
 * @param keys how keys are drawn
 */
public record Population(
    double ratePerSecond,
    List<TrafficClass> classes,
    List<SystemTraffic> systems,
    double honouring,
    Zipf keys) {
  public Population {
    classes = List.copyOf(classes);
    systems = List.copyOf(systems);
    double sum = systems.stream().mapToDouble(SystemTraffic::share).sum();
    if (Math.abs(sum - 1) > 1e-6) {
      throw new IllegalArgumentException(
          "shares of the systems: got a sum of " + sum + ", allowed 1");
    }
    Set<String> before = new HashSet<>();
    for (TrafficClass each : classes) {
      if (!before.containsAll(each.after()) || !before.add(each.name())) {
        throw new IllegalArgumentException(
            "class %s after %s: allowed are a new name, and parents among %s"
                .formatted(each.name(), each.after(), before));
      }
    }
    for (SystemTraffic each : systems) {
      if (!before.contains(each.className())) {
        throw new IllegalArgumentException(
            "class of %s: got %s, allowed %s".formatted(each.name(), each.className(), before));
      }
    }
  }

  /** The same people, that many requests. */
  public Population withRate(double perSecond) {
    return new Population(perSecond, classes, systems, honouring, keys);
  }

  /** The same people, of whom another part waits as long as it is told. */
  public Population withHonouring(double part) {
    return new Population(ratePerSecond, classes, systems, part, keys);
  }

  /** The same people; no class waits for another, and none is given anything without the store. */
  public Population withoutGates() {
    List<TrafficClass> free =
        classes.stream()
            .map(each -> new TrafficClass(each.name(), List.of(), each.patience(), each.timeout()))
            .toList();
    return new Population(ratePerSecond, free, systems, honouring, keys);
  }

  /** The same people; nobody tries again, so that they ask exactly as often as they are said to. */
  public Population withoutRetries() {
    List<SystemTraffic> once = systems.stream().map(SystemTraffic::once).toList();
    return new Population(ratePerSecond, classes, once, honouring, keys);
  }

  /** The system at that part of all first attempts, in [0, 1). */
  public int system(double part) {
    double left = part;
    for (int system = 0; system < systems.size() - 1; system++) {
      left -= systems.get(system).share();
      if (left < 0) {
        return system;
      }
    }
    return systems.size() - 1;
  }

  /** What a system's requests get without the store. */
  public Instead instead(int system) {
    return classes.get(rank(system)).instead();
  }

  /** Place of a system's class in the order of importance, from 0. */
  public int rank(int system) {
    String name = systems.get(system).className();
    for (int rank = 0; rank < classes.size(); rank++) {
      if (classes.get(rank).name().equals(name)) {
        return rank;
      }
    }
    throw new IllegalStateException("no class " + name);
  }
}

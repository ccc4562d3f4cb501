package io.trafficgovernor.admission;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The classes in order of importance: the element at index k has rank k.
 *
 * @param classes 1 to {@value RequestClass#MAX_CLASSES} classes with distinct names
 */
public record ClassTable(List<RequestClass> classes) {
  public ClassTable {
    classes = List.copyOf(classes);
    if (classes.isEmpty() || classes.size() > RequestClass.MAX_CLASSES) {
      throw new IllegalArgumentException(
          "classes: got " + classes.size() + ", allowed 1 to " + RequestClass.MAX_CLASSES);
    }
    Set<String> names = new HashSet<>();
    for (int rank = 0; rank < classes.size(); rank++) {
      RequestClass each = classes.get(rank);
      if (each.rank() != rank) {
        throw new IllegalArgumentException(
            "rank of class " + each.name() + ": got " + each.rank() + ", allowed " + rank);
      }
      if (!names.add(each.name())) {
        throw new IllegalArgumentException(
            "class names: got " + each.name() + " twice, allowed once");
      }
    }
  }

  /** How many classes there are, at least 1. */
  public int size() {
    return classes.size();
  }

  /**
   * The class of that rank.
   *
   * @throws IndexOutOfBoundsException if there is none
   */
  public RequestClass at(int rank) {
    return classes.get(rank);
  }

  /**
   * The mean of the classes' time-outs, in seconds: the time-out when nothing is known of shares.
   */
  public double meanTimeoutSeconds() {
    return classes.stream().mapToDouble(RequestClass::timeoutSeconds).average().orElseThrow();
  }

  /** The longest time-out of all classes. */
  public long longestTimeoutNanos() {
    return classes.stream().mapToLong(RequestClass::timeoutNanos).max().orElseThrow();
  }
}

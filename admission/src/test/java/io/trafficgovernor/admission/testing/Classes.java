package io.trafficgovernor.admission.testing;

import io.trafficgovernor.admission.ClassTable;
import io.trafficgovernor.admission.RequestClass;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Class tables for tests. */
public final class Classes {
  private static final long MILLI = 1_000_000L;

  private Classes() {}

  /** That many classes, each after the one above, with a time-out of 1 s and the usual patience. */
  public static ClassTable chain(int count) {
    List<RequestClass> classes = new ArrayList<>();
    for (int rank = 0; rank < count; rank++) {
      Set<Integer> after = rank == 0 ? Set.of() : Set.of(rank - 1);
      long patience = (rank < 2 ? 300 : 150) * MILLI;
      classes.add(new RequestClass(rank, "class-" + rank, after, patience, 1000 * MILLI));
    }
    return new ClassTable(classes);
  }

  /** Classes with those time-outs in seconds, none after another. */
  public static ClassTable timingOutAfter(int... seconds) {
    List<RequestClass> classes = new ArrayList<>();
    for (int rank = 0; rank < seconds.length; rank++) {
      long timeout = seconds[rank] * 1000L * MILLI;
      classes.add(new RequestClass(rank, "class-" + rank, Set.of(), 300 * MILLI, timeout));
    }
    return new ClassTable(classes);
  }
}

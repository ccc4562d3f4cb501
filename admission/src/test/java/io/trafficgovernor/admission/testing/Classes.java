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
}

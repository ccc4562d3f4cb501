package io.trafficgovernor.admission.request;

import java.util.ArrayList;
import java.util.List;

/** Decisions that are made under the lock and told once it is free. For one thread. */
final class Notices {
  private final List<Notice> all = new ArrayList<>(0);

  private record Notice(Arrival arrival, Decision decision) {}

  /** To be told later. */
  void add(Arrival arrival, Decision decision) {
    all.add(new Notice(arrival, decision));
  }

  /**
   * Tells all, in order. A waiter that throws must not keep the others from hearing, for they may
   * hold a slot: the last that was thrown is thrown once all have heard.
   */
  void tell(long nowNanos) {
    RuntimeException thrown = null;
    for (Notice notice : all) {
      try {
        notice.arrival().waiter().decided(notice.decision(), nowNanos);
      } catch (RuntimeException e) {
        thrown = e;
      }
    }
    if (thrown != null) {
      throw thrown;
    }
  }
}

package io.trafficgovernor.loadtest.world;

import io.trafficgovernor.loadtest.store.Job;

/** What requests are sent to: the store, or the store with the system behind it. */
@FunctionalInterface
public interface Upstream {
  /** Takes a request in; it is answered later, in true time. */
  void submit(Job job, long nowNanos);
}

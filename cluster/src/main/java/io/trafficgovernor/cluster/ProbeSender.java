package io.trafficgovernor.cluster;

/** Sends one probe to the backend. */
@FunctionalInterface
public interface ProbeSender {
  /** Whoever wants to know how the probe went; called exactly once, on any thread. */
  @FunctionalInterface
  interface Listener {
    void answered(boolean good);
  }

  /** Sends it; never blocks, and gives up by itself in bounded time. */
  void probe(Listener listener);
}

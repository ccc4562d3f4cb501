package io.trafficgovernor.loadtest.world;

import io.trafficgovernor.loadtest.record.Ending;

/** What stands between the clients and the store. */
public interface Door {
  /**
   * A client's attempt.
   *
   * @param deadlineNanos true time at which the client gives up
   */
  record Call(
      int rank, long session, int key, boolean firstAttempt, long deadlineNanos, Reply reply) {}

  /** Whoever waits for the answer; told at most once. */
  @FunctionalInterface
  interface Reply {
    /**
     * The end of the attempt.
     *
     * @param retryAfterSeconds of a refusal; 0 if none was said
     * @param nowNanos true time
     */
    void ended(Ending ending, long retryAfterSeconds, long nowNanos);
  }

  void send(Call call);
}

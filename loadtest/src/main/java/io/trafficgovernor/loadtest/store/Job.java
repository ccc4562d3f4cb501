package io.trafficgovernor.loadtest.store;

/**
 * One request at the store.
 *
 * @param key what it asks for
 * @param deadlineNanos when its client gives up; the store works on all the same
 * @param reply told once
 */
public record Job(int key, long deadlineNanos, Reply reply) {
  /** Whoever waits for the answer. */
  @FunctionalInterface
  public interface Reply {
    void answered(Answer answer, long nowNanos);
  }
}

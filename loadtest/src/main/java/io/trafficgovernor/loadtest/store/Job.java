package io.trafficgovernor.loadtest.store;

/**
 * One request at the store.
 *
 * @param key what it asks for
 * @param rank of its class; {@link #UNKNOWN} if nobody told
 * @param origin which of the store's addresses it came to; 0 if there is only one
 * @param fresh whether it is the first of a new connection
 * @param deadlineNanos when its client gives up; the store works on all the same
 * @param reply told once
 */
public record Job(int key, int rank, int origin, boolean fresh, long deadlineNanos, Reply reply) {
  /** The rank of a request whose class is not told. */
  public static final int UNKNOWN = -1;

  /** A request of an unknown class, on a connection that is there. */
  public Job(int key, long deadlineNanos, Reply reply) {
    this(key, UNKNOWN, 0, false, deadlineNanos, reply);
  }

  /** Whoever waits for the answer. */
  @FunctionalInterface
  public interface Reply {
    void answered(Answer answer, long nowNanos);
  }
}

package io.trafficgovernor.gateway;

import io.trafficgovernor.runtime.Alarms;
import org.jspecify.annotations.Nullable;

/**
 * How long a request may take, and its one alarm. The time in which the client sent its body is not
 * the backend's. Confined to its event loop.
 */
final class Deadline {
  /** Who leaves after that part of the time-out has not left first: his time-out is the class's. */
  private static final double AS_GOOD_AS_TIMED_OUT = 0.9;

  private final Alarms alarms;
  private final Bounds bounds;
  private final RequestBody body;
  private final Runnable passed;
  private Alarms.@Nullable Alarm alarm;

  /**
   * What bounds a request.
   *
   * @param arrivedNanos from which all of it counts
   * @param timeoutNanos until the head of the answer, beside the time for the body
   * @param transferNanos until the end of the answer
   */
  record Bounds(long arrivedNanos, long timeoutNanos, long transferNanos) {}

  Deadline(Alarms alarms, Bounds bounds, RequestBody body, Runnable passed) {
    this.alarms = alarms;
    this.bounds = bounds;
    this.body = body;
    this.passed = passed;
  }

  /** When it passes; an answer that has begun is bound by the time for transfers only. */
  long dueNanos(boolean answering) {
    long head = bounds.timeoutNanos() + body.graceNanos(bounds.arrivedNanos());
    long most = answering ? bounds.transferNanos() : Math.min(head, bounds.transferNanos());
    return bounds.arrivedNanos() + most;
  }

  /** Whether the backend, and not the client, has had nearly all the time there is. */
  boolean asGoodAsPassed(long nowNanos) {
    long waited = nowNanos - bounds.arrivedNanos() - body.graceNanos(bounds.arrivedNanos());
    return waited >= AS_GOOD_AS_TIMED_OUT * bounds.timeoutNanos() && !body.clientOwes();
  }

  /** From now on it is watched, if it is not yet. */
  void watch() {
    if (alarm == null) {
      at(dueNanos(false));
    }
  }

  /** Rings at that instant. */
  void at(long atNanos) {
    stop();
    alarm = alarms.at(atNanos, this::ring);
  }

  private void ring() {
    alarm = null;
    passed.run();
  }

  void stop() {
    if (alarm != null) {
      alarm.cancel();
      alarm = null;
    }
  }
}

package io.trafficgovernor.admission.request;

import io.trafficgovernor.admission.Outcome;

/**
 * The right to send one request. It is ended exactly once, by {@link #end}, or by {@link #abandon}
 * followed by {@link #release}; a second ending is counted as a defect and changes nothing (I8).
 * Thread-safe.
 */
public final class Permit {
  private enum State {
    HELD,
    SENT,
    ABANDONED,
    ENDED
  }

  private final AdmissionController controller;
  private final Arrival arrival;
  private final long admittedNanos;
  // guarded by the controller
  private State state = State.HELD;
  private boolean wasSent;

  Permit(AdmissionController controller, Arrival arrival, long admittedNanos) {
    this.controller = controller;
    this.arrival = arrival;
    this.admittedNanos = admittedNanos;
  }

  public int rank() {
    return arrival.rank();
  }

  /** When it was admitted; the time before that was spent waiting. */
  public long admittedNanos() {
    return admittedNanos;
  }

  /**
   * To be asked last, when the connection is there and the first byte is next: whether the lease
   * still holds. If not, the permit has ended, its token and slot are back, and nothing may be
   * sent.
   */
  public boolean send(long nowNanos) {
    return controller.send(this, nowNanos);
  }

  /**
   * The request is over at the backend.
   *
   * @param latencyNanos from sending to the response head; used for answers only
   */
  public void end(Outcome outcome, long latencyNanos, long nowNanos) {
    controller.end(this, outcome, latencyNanos, nowNanos);
  }

  /**
   * Nobody waits for the answer any more ({@link Outcome#TIMEOUT} or {@link Outcome#IGNORED}), but
   * the backend may still work on it: the slot stays taken until {@link #release}.
   */
  public void abandon(Outcome outcome, long nowNanos) {
    controller.abandon(this, outcome, nowNanos);
  }

  /** The backend has answered an abandoned request, or can no longer be working on it. */
  public void release(long nowNanos) {
    controller.release(this, nowNanos);
  }

  Arrival arrival() {
    return arrival;
  }

  boolean markSent() {
    boolean moved = moved(State.SENT, State.HELD);
    wasSent |= moved;
    return moved;
  }

  /** Whether it has ever been let go to the backend. */
  boolean wasSent() {
    return wasSent;
  }

  boolean markEnded() {
    return moved(State.ENDED, State.HELD, State.SENT);
  }

  boolean markAbandoned() {
    return moved(State.ABANDONED, State.SENT);
  }

  boolean markReleased() {
    return moved(State.ENDED, State.ABANDONED);
  }

  private boolean moved(State to, State... from) {
    for (State each : from) {
      if (state == each) {
        state = to;
        return true;
      }
    }
    return false;
  }
}

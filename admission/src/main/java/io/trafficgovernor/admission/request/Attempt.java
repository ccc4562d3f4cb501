package io.trafficgovernor.admission.request;

/** Which try a request is, as far as one can tell from it. */
public enum Attempt {
  /** Nothing says that it was sent before: it counts as demand. */
  FIRST,
  /** It was sent before, and nobody called it back. */
  RETRY,
  /** It was refused and comes back when it was told to, with the ticket to show for it. */
  CALLED_BACK;

  /** Whether it counts as demand. */
  public boolean first() {
    return this == FIRST;
  }
}

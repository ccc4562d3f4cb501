package io.trafficgovernor.admission.request;

import io.trafficgovernor.admission.ShedReason;

/** What becomes of a request. */
public sealed interface Decision {
  /** It may be sent, under this permit. */
  record Admitted(Permit permit) implements Decision {}

  /** It waits; its waiter will be told. */
  record Waiting() implements Decision {}

  /**
   * It is refused.
   *
   * @param retryAfterNanos when it makes sense to come back, at least 1 s
   */
  record Shed(ShedReason reason, long retryAfterNanos) implements Decision {}
}

package io.trafficgovernor.answers;

import java.util.Locale;

/**
 * What a client was given in place of the backend's answer. The tag stands in the {@code
 * Governor-Degraded} header and in meters.
 */
public enum Degraded {
  /** An answer that the backend gave earlier; {@code Age} tells how much earlier. */
  STALE,
  /** The answer that the configuration holds for this case. */
  FAIL_OPEN,
  /** A receipt: the write is on disk and will be delivered. */
  JOURNALED;

  /** The tag: the name in lower case, words joined by a hyphen. */
  public String tag() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}

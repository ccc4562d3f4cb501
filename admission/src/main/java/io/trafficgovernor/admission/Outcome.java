package io.trafficgovernor.admission;

import java.util.Locale;

/** How an admitted request ended. The names in lower case are meter tags. */
public enum Outcome {
  /** 2xx, 3xx, and 4xx other than 429: the backend did its work in time. */
  SUCCESS,
  /** 429 or 503 from the backend: it said "too much". */
  REFUSED,
  /** Any other 5xx, or a broken response. */
  FAILURE,
  /** No connection to the backend: nothing was sent. Counts as a failure as well. */
  UNREACHABLE,
  /** No response head before the request's deadline. */
  TIMEOUT,
  /** The client left first; says nothing about the backend. */
  IGNORED;

  /** The meter tag: the name in lower case. */
  public String tag() {
    return name().toLowerCase(Locale.ROOT);
  }
}

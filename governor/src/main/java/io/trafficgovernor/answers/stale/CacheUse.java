package io.trafficgovernor.answers.stale;

import java.util.Locale;

/** What the cache did for a request; the tag stands in meters. */
public enum CacheUse {
  /** A fresh answer was there. */
  FRESH,
  /** A stale answer was given, because the backend could not be asked. */
  STALE,
  /** The answer to another, identical request was given. */
  COALESCED,
  /** The backend confirmed what was there. */
  CONFIRMED,
  /** The request went its way to the backend. */
  MISS;

  /** The tag: the name in lower case. */
  public String tag() {
    return name().toLowerCase(Locale.ROOT);
  }
}

package io.trafficgovernor.observe;

import java.util.Locale;

/** What became of a class that a request asserted of itself. The tag stands in the meter. */
public enum ClassClaim {
  /** It is of that class: a trusted hop said so, in time. */
  INHERITED,
  /** No trusted hop has said that: another secret, or something was changed. */
  FORGED,
  /** It was said too long ago; also what is shown again later is. */
  EXPIRED,
  /** It was said in the future: the clock of that hop is wrong. */
  EARLY,
  /** It is not of the form. */
  MALFORMED,
  /** There are several, of which another reader might take another one. */
  DUPLICATE,
  /** A trusted hop has said so, but there is no class of that name here. */
  UNKNOWN_CLASS;

  /** The tag: the name in lower case, words joined by a hyphen. */
  public String tag() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}

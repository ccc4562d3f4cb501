package io.trafficgovernor.observe;

import java.util.Locale;

/** Why something at the door never became a request of a class. The tag stands in the meter. */
public enum TurnedAway {
  /** 400: no HTTP request, or one that two readers could understand differently. */
  MALFORMED,
  /** 414: the request line is too long. */
  LONG_LINE,
  /** 431: the header fields are too long. */
  LONG_FIELDS,
  /** 501: a method or a coding that this gateway does not carry. */
  UNSUPPORTED,
  /** The connection was closed: there are as many as may be. */
  NO_PLACE,
  /** The connection was closed: its head did not come in time. */
  SLOW_HEAD,
  /** The connection was closed: PING and SETTINGS came in floods. */
  FLOOD;

  /** What is answered with that status. */
  public static TurnedAway of(int status) {
    return switch (status) {
      case 414 -> LONG_LINE;
      case 431 -> LONG_FIELDS;
      case 501 -> UNSUPPORTED;
      default -> MALFORMED;
    };
  }

  /** The tag: the name in lower case, words joined by a hyphen. */
  public String tag() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}

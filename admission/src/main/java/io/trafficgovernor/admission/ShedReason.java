package io.trafficgovernor.admission;

import java.util.Locale;

/**
 * Why a request was refused here. The tag is used in meters, in the {@code Governor-Reason} header,
 * in problem bodies and in the README alike.
 */
public enum ShedReason {
  /** The backend is away: nothing passes but probes. */
  OUTAGE,
  /** The request's class and key lie above the cutoff: its turn has not come. */
  CUTOFF,
  /** The gate of its class is closed: a class it depends on is not back yet. */
  GATE,
  /** No token came free while the request could wait. */
  TOKENS,
  /** No slot of the window came free while the request could wait. */
  SLOTS,
  /** It waited so long, because the node stood still, that no answer could come in time. */
  TOO_LATE,
  /** The waiting room of the class is full. */
  ROOM_FULL,
  /** Too many of the class come uninvited for a second time. */
  RETRY_BUDGET,
  /** This node has no valid lease, and the request does not fit its fail-safe share. */
  ISOLATED,
  /** The lease ended between admission and sending. */
  LEASE_ENDED,
  /** An operator has stopped this node, and this node alone. */
  FROZEN,
  /** An operator has closed the request's class, on every node. */
  OVERRIDE,
  /** This node is shutting down. */
  DRAINING;

  /** The tag: the name in lower case, words joined by a hyphen. */
  public String tag() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}

package io.trafficgovernor.operator;

/** What a token may do; each role includes those before it. */
public enum Role {
  /** Reads. */
  VIEWER,
  /** Steers the ramp. */
  OPERATOR,
  /** Overrules the evidence: pins the ceiling. */
  ADMIN;

  boolean covers(Role needed) {
    return compareTo(needed) >= 0;
  }
}

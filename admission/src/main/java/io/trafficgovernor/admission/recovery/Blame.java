package io.trafficgovernor.admission.recovery;

import static java.util.Objects.requireNonNull;

/**
 * Whom the bad outcomes of a red round hit.
 *
 * @param className the class that had most of them; empty if there were none
 * @param node the node that had most of them, and more than its part; empty if none stands out
 */
public record Blame(String className, String node) {
  /** Nobody in particular. */
  public static final Blame NOBODY = new Blame("", "");

  public Blame {
    requireNonNull(className, "className");
    requireNonNull(node, "node");
  }
}

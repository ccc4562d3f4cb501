package io.trafficgovernor.admission.lease;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * A node's request for its next lease, with its report.
 *
 * @param node its configured name
 * @param incarnation drawn at random when the process started
 * @param sequence rises with each renewal of this incarnation, from 1
 * @param sentNanos when it was sent, on the node's own ticker
 * @param held the grant it uses now; {@link GrantId#NONE} if none
 * @param heldEpoch highest epoch that a grant ever told this process of; 0 if none
 * @param heldRate tokens per second of that grant while it is valid, else 0
 * @param heldSlots slots of that grant while it is valid, else 0
 * @param probe result of the probe it was asked for, if it has one
 * @param settings what its configuration tells the ledger
 * @param heldCeiling highest ceiling that a grant told this process of in the last minute, tokens
 *     per second; 0 if none
 * @param succeeds incarnation of the process before this one, which is dead for certain; 0 if that
 *     is not known
 */
public record Renewal(
    String node,
    long incarnation,
    long sequence,
    long sentNanos,
    GrantId held,
    long heldEpoch,
    double heldRate,
    int heldSlots,
    NodeReport report,
    Optional<ProbeResult> probe,
    SettingsPrint settings,
    double heldCeiling,
    long succeeds) {
  public Renewal {
    requireNonNull(node, "node");
    requireNonNull(held, "held");
    requireNonNull(report, "report");
    requireNonNull(probe, "probe");
    requireNonNull(settings, "settings");
  }

  /** Of a node that tells neither its settings nor what it knew. */
  public Renewal(
      String node,
      long incarnation,
      long sequence,
      long sentNanos,
      GrantId held,
      long heldEpoch,
      double heldRate,
      int heldSlots,
      NodeReport report,
      Optional<ProbeResult> probe) {
    this(
        node,
        incarnation,
        sequence,
        sentNanos,
        held,
        heldEpoch,
        heldRate,
        heldSlots,
        report,
        probe,
        SettingsPrint.UNKNOWN,
        0,
        0);
  }
}

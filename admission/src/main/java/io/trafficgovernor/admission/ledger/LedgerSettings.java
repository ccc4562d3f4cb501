package io.trafficgovernor.admission.ledger;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.ClassTable;
import io.trafficgovernor.admission.Rules;
import io.trafficgovernor.admission.lease.SettingsPrint;
import io.trafficgovernor.admission.ramp.RampPlan;
import io.trafficgovernor.admission.recovery.RampMode;

/**
 * What the ledger is told by configuration; the same on every node.
 *
 * @param referencePerSecond the good rate until one is measured, more than 0
 * @param expectedNodes most nodes there will be: what fail-safe shares are divided by
 * @param rules those of the law that hold: all, but in studies
 */
public record LedgerSettings(
    ClassTable classes,
    double referencePerSecond,
    int expectedNodes,
    RampMode mode,
    RampPlan plan,
    Rules rules) {
  public LedgerSettings {
    requireNonNull(classes, "classes");
    requireNonNull(mode, "mode");
    requireNonNull(plan, "plan");
    requireNonNull(rules, "rules");
    if (expectedNodes < 1) {
      throw new IllegalArgumentException(
          "expected nodes: got " + expectedNodes + ", allowed 1 or more");
    }
  }

  /** With all rules of the law. */
  public LedgerSettings(
      ClassTable classes,
      double referencePerSecond,
      int expectedNodes,
      RampMode mode,
      RampPlan plan) {
    this(classes, referencePerSecond, expectedNodes, mode, plan, Rules.ALL);
  }

  /** What must be the same on every node that shares a ledger. */
  public SettingsPrint print() {
    return new SettingsPrint(
        SettingsPrint.of(classes.toString()),
        SettingsPrint.of(mode.name()),
        SettingsPrint.of(plan.toString()),
        SettingsPrint.of(Double.toString(referencePerSecond)));
  }
}

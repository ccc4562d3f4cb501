package io.trafficgovernor.admission.ledger;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.ClassTable;
import io.trafficgovernor.admission.control.CeilingController;
import io.trafficgovernor.admission.control.HealthWindow;
import io.trafficgovernor.admission.control.Reference;
import io.trafficgovernor.admission.control.ReferenceMeter;
import io.trafficgovernor.admission.control.Served;
import io.trafficgovernor.admission.forecast.Trend;
import io.trafficgovernor.admission.gate.Gates;
import io.trafficgovernor.admission.herd.PlannedRamp;
import io.trafficgovernor.admission.order.Cutoff;
import io.trafficgovernor.admission.recovery.Phase;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Brings an entry of another number of classes into the shape of this owner's: what a change of the
 * classes leaves behind, node by node or by a restart of all. Phase, ceiling, window and bookings
 * stay, for they are the cluster's; whatever was known of single classes is forgotten. The epoch
 * goes on, as with every change of the configuration. Pure.
 *
 * <p>While both configurations are there, nodes of the other one than the owner's are refused by
 * key, and the entry may change its shape each time it changes hands.
 */
final class Refitting {
  private final ClassTable classes;
  private final CeilingController controller;

  Refitting(ClassTable classes, CeilingController controller) {
    this.classes = requireNonNull(classes, "classes");
    this.controller = requireNonNull(controller, "controller");
  }

  /** The same if it fits. */
  LedgerState fitted(LedgerState state) {
    int before = state.rates().size();
    int count = classes.size();
    if (before == count) {
      return state;
    }
    long now = state.nowNanos();
    LedgerState.Control control = state.control();
    Reference known = control.reference();
    Reference reference =
        new Reference(
            known.ratePerSecond(), known.latencySeconds(), List.of(), known.peakPerSecond());
    boolean outage = state.recovery().phase() == Phase.OUTAGE;
    Map<String, NodeRecord> nodes = new TreeMap<>();
    state.nodes().forEach((name, node) -> nodes.put(name, node.refitted(count)));
    return new LedgerState(
        state.authority().nextEpoch(),
        new LedgerState.Control(
            controller.start(reference, now).withLevel(control.controller().level()),
            HealthWindow.EMPTY,
            reference,
            ReferenceMeter.EMPTY,
            outage ? control.cutoff() : Cutoff.open(count),
            control.falling(),
            PlannedRamp.FIRST_GROWTH,
            Served.NOTHING,
            Trend.NONE),
        state.recovery(),
        "classes: %d before, now %d; %s".formatted(before, count, state.why()),
        Collections.nCopies(count, ClassRates.NONE),
        OpenRound.begun(now, count),
        state.probes(),
        nodes,
        state.peak(),
        Gates.allOpen(count),
        state.excluded(),
        state.strays());
  }
}

package io.trafficgovernor.loadtest.witness;

import io.trafficgovernor.admission.ClassTable;
import io.trafficgovernor.admission.RequestClass;
import java.util.List;

/** All invariants of one run, and what they measure on the way. */
public final class Invariants {
  private final Violations violations = new Violations();
  private final HighestCeiling ceiling = new HighestCeiling();
  private final Envelope envelope;
  private final Window window;
  private final Order order;
  private final Coherence coherence;
  private final List<Witness> witnesses;

  /** Invariants of a cluster of at most that many nodes. */
  public Invariants(int nodes, ClassTable classes) {
    double shortest =
        classes.classes().stream().mapToDouble(RequestClass::timeoutSeconds).min().orElseThrow();
    double longest =
        classes.classes().stream().mapToDouble(RequestClass::timeoutSeconds).max().orElseThrow();
    Reservation reservation = new Reservation(nodes, ceiling, violations);
    envelope = new Envelope(nodes, ceiling, reservation, violations);
    window = new Window(nodes, longest, violations);
    order = new Order(nodes, violations);
    coherence = new Coherence(violations);
    witnesses =
        List.of(
            ceiling,
            reservation,
            envelope,
            new Evidence(shortest, violations),
            window,
            order,
            coherence,
            new Permits(violations),
            new Authority(nodes, violations));
  }

  /** In the order in which they must be told. */
  public List<Witness> witnesses() {
    return witnesses;
  }

  public Violations violations() {
    return violations;
  }

  public HighestCeiling ceiling() {
    return ceiling;
  }

  public Envelope envelope() {
    return envelope;
  }

  public Window window() {
    return window;
  }

  public Order order() {
    return order;
  }

  public Coherence coherence() {
    return coherence;
  }
}

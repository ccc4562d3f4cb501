package io.trafficgovernor.admission.gate;

import io.trafficgovernor.admission.ClassTable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * A gate for each class. All begin open: cutoff and waiting rooms keep the order by themselves. A
 * gate closes when a class it depends on is served or succeeds too little for three rounds, and
 * opens again when all of them do well for three rounds or nobody asks for them. Immutable; source:
 * DESIGN.md, "Gates".
 *
 * @param parents how each class fares, in order of importance; empty if nothing is known
 * @param gates one for each class; an empty list stands for open ones
 */
public record Gates(List<ParentHealth> parents, List<Gate> gates) {
  static final double CLOSE_SERVED = 0.80;
  static final double CLOSE_SUCCESS = 0.95;
  static final double OPEN_SERVED = 0.95;
  static final double OPEN_SUCCESS = 0.99;
  static final int ROUNDS = 3;

  /**
   * One class's gate.
   *
   * @param closedBy rank of the class it waits for; {@link #OPEN} if it waits for none
   * @param streak successive rounds in which a parent was failing while it was open
   */
  public record Gate(int closedBy, int streak) {
    static final int OPEN = -1;

    public boolean open() {
      return closedBy == OPEN;
    }
  }

  public Gates {
    parents = List.copyOf(parents);
    gates = List.copyOf(gates);
  }

  /** All gates open, and nothing known of the classes. */
  public static Gates allOpen(int classes) {
    return new Gates(
        Collections.nCopies(classes, ParentHealth.UNKNOWN),
        Collections.nCopies(classes, new Gate(Gate.OPEN, 0)));
  }

  /**
   * After a round in which all nodes reported. Pure.
   *
   * @param added what the round added to each class
   * @param seconds how long it lasted, more than 0
   */
  public Gates after(ClassTable classes, List<ParentHealth.Added> added, double seconds) {
    if (gates.size() != classes.size() || parents.size() != classes.size()) {
      return allOpen(classes.size()).after(classes, added, seconds);
    }
    List<ParentHealth> next = new ArrayList<>();
    for (int rank = 0; rank < parents.size(); rank++) {
      next.add(parents.get(rank).after(added.get(rank), seconds));
    }
    List<Gate> moved = new ArrayList<>();
    for (int rank = 0; rank < gates.size(); rank++) {
      moved.add(moved(gates.get(rank), classes.at(rank).after(), next));
    }
    return new Gates(next, moved);
  }

  private static Gate moved(Gate gate, Iterable<Integer> after, List<ParentHealth> parents) {
    int failing = Gate.OPEN;
    int unwell = Gate.OPEN;
    for (int parent : after) {
      failing = failing == Gate.OPEN && parents.get(parent).failing() ? parent : failing;
      unwell = unwell == Gate.OPEN && !parents.get(parent).well() ? parent : unwell;
    }
    if (gate.open()) {
      int streak = failing == Gate.OPEN ? 0 : gate.streak() + 1;
      return streak >= ROUNDS ? new Gate(failing, 0) : new Gate(Gate.OPEN, streak);
    }
    return unwell == Gate.OPEN ? new Gate(Gate.OPEN, 0) : new Gate(unwell, 0);
  }

  /** Whether the class may be admitted. */
  public boolean open(int rank) {
    return rank >= gates.size() || gates.get(rank).open();
  }

  /** That demand per class, 0 where the gate is closed. */
  public List<Double> passing(List<Double> demand) {
    List<Double> passing = new ArrayList<>(demand);
    for (int rank = 0; rank < passing.size(); rank++) {
      passing.set(rank, open(rank) ? passing.get(rank) : 0.0);
    }
    return passing;
  }

  /**
   * For each class what it waits for, in words; empty where its gate is open. An empty list if all
   * gates are.
   */
  public List<String> blockedBy(ClassTable classes) {
    if (gates.stream().allMatch(Gate::open)) {
      return List.of();
    }
    return gates.stream().map(gate -> gate.open() ? "" : words(classes, gate.closedBy())).toList();
  }

  private String words(ClassTable classes, int parent) {
    ParentHealth health = parents.get(parent);
    return String.format(
        Locale.ROOT,
        "%s: served %.2f of %.2f, success %.2f of %.2f",
        classes.at(parent).name(),
        health.served(),
        OPEN_SERVED,
        health.success(),
        OPEN_SUCCESS);
  }
}

package io.trafficgovernor.admission.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.control.Tally;
import io.trafficgovernor.admission.lease.ClassReport;
import io.trafficgovernor.admission.lease.Grant;
import io.trafficgovernor.admission.lease.GrantId;
import io.trafficgovernor.admission.lease.GrantReply;
import io.trafficgovernor.admission.lease.NodeReport;
import io.trafficgovernor.admission.lease.ProbeResult;
import io.trafficgovernor.admission.lease.Renewal;
import io.trafficgovernor.admission.ramp.RampPlan;
import io.trafficgovernor.admission.recovery.Command;
import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.admission.recovery.RampMode;
import io.trafficgovernor.admission.recovery.Verb;
import io.trafficgovernor.admission.testing.Classes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A ledger with hand-made nodes that renew every tenth of a second and tell what they are told. */
abstract class HandMadeCluster {
  static final long MILLI = 1_000_000L;
  static final int CLASSES = 3;

  final Ledger ledger =
      new Ledger(
          new LedgerSettings(
              Classes.chain(CLASSES), 500, 3, RampMode.AUTO, new RampPlan.Adaptive()));
  final Map<String, Node> nodes = new TreeMap<>();
  @Nullable LedgerState state;
  long nowNanos;
  String owner = "owner-1";

  /** What the next owner says of its copy. */
  long heldNanos;

  /** What a node has told so far, and what it holds. */
  static final class Node {
    long sequence;
    private final long[] attempts = new long[CLASSES];
    private final long[] admitted = new long[CLASSES];
    private final long[] shed = new long[CLASSES];
    Tally outcomes = Tally.NONE;
    int inFlight;
    Optional<Grant> grant = Optional.empty();
    Optional<ProbeResult> probe = Optional.empty();
    long incarnation = 1;

    void sees(long attemptsPerClass, Tally tally) {
      for (int rank = 0; rank < CLASSES; rank++) {
        attempts[rank] += attemptsPerClass;
      }
      outcomes = outcomes.plus(tally);
    }

    /** First attempts of that class alone. */
    void isAskedFor(int rank, long count) {
      attempts[rank] += count;
    }

    /** Requests of that class that were let through here, and that were not. */
    void decides(int rank, long letThrough, long refused) {
      admitted[rank] += letThrough;
      shed[rank] += refused;
    }

    NodeReport report() {
      List<ClassReport> classes = new ArrayList<>();
      for (int rank = 0; rank < CLASSES; rank++) {
        classes.add(
            new ClassReport(
                attempts[rank], 0, admitted[rank], shed[rank], rank == 0 ? outcomes : Tally.NONE));
      }
      return new NodeReport(classes, inFlight, 0);
    }
  }

  Node node(String name) {
    return nodes.computeIfAbsent(name, n -> new Node());
  }

  Owner now() {
    return new Owner(owner, nowNanos, 99, heldNanos);
  }

  LedgerState state() {
    return java.util.Objects.requireNonNull(state);
  }

  Renewal renewal(String name) {
    Node node = node(name);
    node.sequence++;
    return new Renewal(
        name,
        node.incarnation,
        node.sequence,
        nowNanos,
        node.grant.map(Grant::id).orElse(GrantId.NONE),
        node.grant.map(g -> g.cluster().epoch()).orElse(0L),
        node.grant.map(Grant::ratePerSecond).orElse(0.0),
        node.grant.map(Grant::slots).orElse(0),
        node.report(),
        node.probe);
  }

  GrantReply renew(String name) {
    return send(renewal(name));
  }

  GrantReply send(Renewal renewal) {
    Ledger.Renewed renewed = ledger.renew(state, renewal, now());
    state = renewed.state();
    node(renewal.node()).probe = Optional.empty();
    if (renewed.reply() instanceof GrantReply.Granted granted) {
      node(renewal.node()).grant = Optional.of(granted.grant());
    }
    return renewed.reply();
  }

  Grant grant(String name) {
    GrantReply reply = renew(name);
    assertThat(reply).isInstanceOf(GrantReply.Granted.class);
    return ((GrantReply.Granted) reply).grant();
  }

  /** Lets that much time pass; every node renews each tenth of a second and sees the same. */
  void pass(long millis, long attemptsPerTick, Tally perTick) {
    for (long tick = 0; tick < millis / 100; tick++) {
      nowNanos += 100 * MILLI;
      for (String name : List.copyOf(nodes.keySet())) {
        node(name).sees(attemptsPerTick, perTick);
        renew(name);
      }
    }
  }

  static Tally good(long n) {
    return new Tally(n, 0, 0, 0, 0, n * 20 * MILLI, n);
  }

  void join(String... names) {
    for (String name : names) {
      node(name);
    }
  }

  /** Three nodes with a backend that is well, until OPEN. */
  void open() {
    join("a", "b", "c");
    pass(12_000, 4, good(12));
    assertThat(state().recovery().phase()).isEqualTo(Phase.OPEN);
  }

  CommandReply command(Verb verb, OptionalLong ifMatch) {
    Command command = new Command(verb, "alice", "because", ifMatch, 50);
    Ledger.Commanded commanded = ledger.command(state, command, now());
    state = commanded.state();
    return commanded.reply();
  }
}

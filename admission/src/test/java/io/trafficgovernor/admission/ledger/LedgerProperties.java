package io.trafficgovernor.admission.ledger;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.ClassTable;
import io.trafficgovernor.admission.VirtualTime;
import io.trafficgovernor.admission.control.Tally;
import io.trafficgovernor.admission.lease.ClassReport;
import io.trafficgovernor.admission.lease.Grant;
import io.trafficgovernor.admission.lease.GrantId;
import io.trafficgovernor.admission.lease.GrantReply;
import io.trafficgovernor.admission.lease.NodeReport;
import io.trafficgovernor.admission.lease.ProbeResult;
import io.trafficgovernor.admission.lease.Renewal;
import io.trafficgovernor.admission.ramp.RampPlan;
import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.admission.recovery.RampMode;
import io.trafficgovernor.admission.request.Lease;
import io.trafficgovernor.admission.testing.Classes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * I1 and I9 on random lives of a cluster: messages late, lost and doubled, owners that change with
 * clocks of their own, and evidence that makes no sense.
 */
final class LedgerProperties {
  private static final ClassTable CLASSES = Classes.chain(3);
  private static final int NODES = 5;
  private static final long MILLI = 1_000_000L;

  /** Longest time a lease may be in use: 2 s of OPEN and the drift that is allowed for. */
  private static final long LONGEST_USE = 2_010 * MILLI;

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 100);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void leasesInUse_neverExceedTheCeiling(long seed) {
    assertThat(new World(seed, Flaw.NONE).firstBroken()).isEmpty();
  }

  /** Negative controls: each rule of the protocol is needed. */
  @Test
  void leasesInUse_brokenProtocolsAreCaught() {
    for (Flaw flaw : Flaw.values()) {
      if (flaw != Flaw.NONE) {
        boolean caught = seeds().anyMatch(seed -> !new World(seed, flaw).firstBroken().isEmpty());
        assertThat(caught).as("%s", flaw).isTrue();
      }
    }
  }

  private enum Flaw {
    NONE,
    /** The holder counts from the answer, not from the send. */
    COUNTS_FROM_RECEIPT,
    /** The holder acknowledges grants it never received: those it uses are freed too early. */
    ACKNOWLEDGES_TOO_MUCH,
    /** The ledger's clock jumps ahead when the owner changes. */
    TRUSTS_THE_NEXT_OWNERS_CLOCK,
    /** The next owner says it had its copy for longer than it had. */
    HELD_FOR_TOO_LONG
  }

  /** A cluster in virtual time. */
  private static final class World {
    private final VirtualTime time = new VirtualTime();
    private final SplittableRandom random;
    private final Flaw flaw;
    private final Ledger ledger =
        new Ledger(new LedgerSettings(CLASSES, 500, NODES, RampMode.AUTO, new RampPlan.Adaptive()));
    private final List<Node> nodes = new ArrayList<>();
    private final List<double[]> ceilings = new ArrayList<>();
    private @Nullable LedgerState state;
    private int owner;
    private long ownerOffset;
    private long steppedNanos;
    private long epoch;
    private String broken = "";

    private World(long seed, Flaw flaw) {
      this.random = new SplittableRandom(seed);
      this.flaw = flaw;
      for (int i = 0; i < NODES; i++) {
        nodes.add(new Node("n" + i, random.nextLong()));
      }
    }

    private String firstBroken() {
      for (Node node : nodes) {
        time.after(random.nextLong(100 * MILLI), node::tick);
      }
      time.after(random.nextLong(3000 * MILLI), this::changeOwner);
      for (int i = 0; i < 4000 && broken.isEmpty(); i++) {
        time.advanceMillis(5);
        check();
      }
      return broken;
    }

    private void changeOwner(long now) {
      owner++;
      long trusted = flaw == Flaw.TRUSTS_THE_NEXT_OWNERS_CLOCK ? 0 : owner;
      ownerOffset += (trusted == 0 ? 1 : random.nextLong(-5, 5)) * 700 * MILLI;
      time.after(500 * MILLI + random.nextLong(3000 * MILLI), this::changeOwner);
    }

    private Owner owner(long now) {
      String id = flaw == Flaw.TRUSTS_THE_NEXT_OWNERS_CLOCK ? "the-same" : "owner-" + owner;
      long since = now - steppedNanos;
      long held = flaw == Flaw.HELD_FOR_TOO_LONG ? since + 900 * MILLI : random.nextLong(since + 1);
      return new Owner(id, now + ownerOffset, 77, held);
    }

    private void process(Node from, Renewal renewal, long now) {
      Ledger.Renewed renewed = ledger.renew(state, renewal, owner(now));
      state = renewed.state();
      steppedNanos = now;
      double ceiling = state.control().ceiling();
      ceilings.add(new double[] {now, ceiling});
      if (state.authority().epoch() < epoch) {
        broken = "I9: epoch " + state.authority().epoch() + " after " + epoch;
      }
      epoch = state.authority().epoch();
      if (renewed.reply() instanceof GrantReply.Granted granted) {
        checkReserved(granted.grant(), from.name, ceiling);
        if (random.nextInt(5) > 0) {
          long late = random.nextInt(10) == 0 ? 900 : 3;
          time.after(
              random.nextLong(late * MILLI) + MILLI,
              at -> from.granted(granted.grant(), renewal.sentNanos(), at));
        }
      }
    }

    /** I1 at the grant: it fits into what the others leave. */
    private void checkReserved(Grant grant, String name, double ceiling) {
      double others = 0;
      LedgerState now = requireNonNull(state);
      for (NodeRecord node : now.nodes().values()) {
        others += node.name().equals(name) ? 0 : node.reserved(now.nowNanos());
      }
      if (grant.ratePerSecond() > Math.max(0, ceiling - others) + 1e-9) {
        broken = "I1: granted %s, left %s".formatted(grant.ratePerSecond(), ceiling - others);
      }
      if (grant.failSafePerSecond() > grant.ratePerSecond()) {
        broken = "I1: fail-safe share above the rate";
      }
    }

    /** What all holders together may be using is within the highest ceiling of late. */
    private void check() {
      double inUse = nodes.stream().mapToDouble(node -> node.usable(time.nanos())).sum();
      double highest = 0;
      for (int i = ceilings.size() - 1; i >= 0; i--) {
        highest = Math.max(highest, ceilings.get(i)[1]);
        if (ceilings.get(i)[0] < time.nanos() - LONGEST_USE) {
          break;
        }
      }
      if (inUse > highest + 1e-6 && broken.isEmpty()) {
        broken = "in use %s of %s at %d".formatted(inUse, highest, time.nanos());
      }
    }

    /** A holder that asks every tenth of a second and reports what comes to its mind. */
    private final class Node {
      private final String name;
      private final long incarnation;
      private final double mood;
      private long sequence;
      private @Nullable Lease lease;
      private List<ClassReport> seen =
          List.of(ClassReport.NONE, ClassReport.NONE, ClassReport.NONE);
      private Optional<ProbeResult> probe = Optional.empty();
      private long cutOffUntil;

      private Node(String name, long incarnation) {
        this.name = name;
        this.incarnation = incarnation;
        this.mood = random.nextDouble();
      }

      private void tick(long now) {
        sequence++;
        if (random.nextInt(60) == 0) {
          cutOffUntil = now + random.nextLong(3000 * MILLI);
        }
        look();
        Lease mine = lease;
        GrantId held = mine == null ? GrantId.NONE : mine.grant().id();
        if (flaw == Flaw.ACKNOWLEDGES_TOO_MUCH && mine != null) {
          held = new GrantId(held.lineage(), lastBooked());
        }
        Optional<Grant> valid =
            Optional.ofNullable(mine).filter(l -> l.valid(now)).map(Lease::grant);
        Renewal renewal =
            new Renewal(
                name,
                incarnation,
                sequence,
                now,
                held,
                mine == null ? 0 : mine.grant().cluster().epoch(),
                valid.map(Grant::ratePerSecond).orElse(0.0),
                valid.map(Grant::slots).orElse(0),
                new NodeReport(seen, random.nextInt(10), 0),
                probe);
        probe = Optional.empty();
        for (int copy = random.nextInt(20) == 0 ? 2 : 1; copy > 0; copy--) {
          if (random.nextInt(10) > 0 && now >= cutOffUntil) {
            time.after(MILLI + random.nextLong(30 * MILLI), at -> process(this, renewal, at));
          }
        }
        time.after(100 * MILLI, this::tick);
      }

      private long lastBooked() {
        NodeRecord record = requireNonNull(requireNonNull(state).nodes().get(name));
        return record.bookings().get(record.bookings().size() - 1).counter();
      }

      private void look() {
        List<ClassReport> next = new ArrayList<>();
        for (ClassReport before : seen) {
          long good = random.nextLong((long) (2 + 20 * mood));
          long bad = random.nextInt(20) == 0 ? random.nextLong(15) : 0;
          next.add(
              new ClassReport(
                  before.firstAttempts() + good + bad,
                  before.retries(),
                  before.admitted(),
                  before.shed(),
                  before.outcomes().plus(new Tally(good, 0, 0, 0, bad, good * 20 * MILLI))));
        }
        seen = next;
      }

      private void granted(Grant grant, long sentNanos, long now) {
        long from = flaw == Flaw.COUNTS_FROM_RECEIPT ? now : sentNanos;
        Lease next = new Lease(grant, from);
        if (grant.probe().isPresent()) {
          probe = Optional.of(new ProbeResult(grant.probe().getAsLong(), random.nextInt(3) > 0));
        }
        boolean newer = lease == null || grant.id().counter() > lease.grant().id().counter();
        if (next.valid(now) && newer) {
          lease = next;
        }
      }

      private double usable(long now) {
        return lease != null
                && lease.valid(now)
                && lease.grant().cluster().phase() != Phase.ISOLATED
            ? lease.grant().ratePerSecond()
            : 0;
      }
    }
  }
}

package io.trafficgovernor.admission.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.control.Tally;
import io.trafficgovernor.admission.lease.GrantId;
import io.trafficgovernor.admission.lease.Renewal;
import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.admission.recovery.Verb;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Counters that grew over a time the ledger knows nothing of must not raise anything. */
final class LedgerEvidenceTest extends HandMadeCluster {
  /** Three nodes that see 120 successes per second together, ramping. */
  private void ramping() {
    open();
    command(Verb.CLOSE, OptionalLong.empty());
    command(Verb.BEGIN, OptionalLong.of(state().authority().epoch()));
    pass(6000, 4, good(4));
    assertThat(state().recovery().phase()).isEqualTo(Phase.RAMPING);
  }

  private double highestCeilingOf(long millis) {
    double highest = 0;
    for (long tick = 0; tick < millis / 100; tick++) {
      pass(100, 4, good(4));
      highest = Math.max(highest, state().control().ceiling());
    }
    return highest;
  }

  @Test
  void newOwner_whatCameMeanwhileRaisesNothing() {
    ramping();
    double usual = highestCeilingOf(3000);
    nowNanos += 1000 * MILLI;
    nodes.values().forEach(node -> node.sees(40, good(40)));
    owner = "owner-2";
    assertThat(highestCeilingOf(3000)).isLessThan(1.05 * usual);
  }

  @Test
  void newOwner_eachChangeAnew() {
    ramping();
    double usual = highestCeilingOf(3000);
    for (int change = 2; change < 8; change++) {
      nowNanos += 700 * MILLI;
      nodes.values().forEach(node -> node.sees(28, good(28)));
      owner = "owner-" + change;
      assertThat(highestCeilingOf(500)).isLessThan(1.05 * usual);
    }
  }

  @Test
  void cutOffNode_whatItGatheredRaisesNothing() {
    ramping();
    double usual = highestCeilingOf(3000);
    final Node away = Objects.requireNonNull(nodes.remove("c"));
    pass(8000, 4, good(4));
    away.sees(320, good(320));
    nodes.put("c", away);
    assertThat(highestCeilingOf(3000)).isLessThan(1.05 * usual);
  }

  @Test
  void reportThatWasLongUnderWay_raisesNothing() {
    ramping();
    double usual = highestCeilingOf(3000);
    for (int time = 0; time < 5; time++) {
      Renewal late = renewal("c");
      final Node slow = Objects.requireNonNull(nodes.remove("c"));
      pass(500, 4, good(4));
      slow.sees(20, good(20));
      nodes.put("c", slow);
      send(late);
      assertThat(highestCeilingOf(500)).isLessThan(1.05 * usual);
    }
  }

  @Test
  void shortSilence_isCountedInTheRoundThatWaitedForIt() {
    ramping();
    final Node away = Objects.requireNonNull(nodes.remove("c"));
    pass(500, 4, good(4));
    nodes.put("c", away);
    Tally bad = new Tally(0, 0, 200, 0, 0, 0);
    away.sees(200, bad);
    pass(300, 4, good(4));
    assertThat(state().recovery().phase())
        .as("most of them failed: red, and not forgotten")
        .isEqualTo(Phase.ROLLBACK);
  }

  @Test
  void slots_stayBookedUntilTheCutIsAcknowledged() {
    ramping();
    Node a = node("a");
    var before = a.grant.orElseThrow();
    int had = record("a").reservedSlots(state().nowNanos() - 1000 * MILLI);
    assertThat(had).isGreaterThanOrEqualTo(before.slots());
    command(Verb.CLOSE, OptionalLong.empty());
    nowNanos += 100 * MILLI;
    renew("a");
    assertThat(record("a").slots()).as("OUTAGE").isZero();
    assertThat(record("a").reservedSlots(state().nowNanos() - 1000 * MILLI))
        .as("it may not have heard yet")
        .isGreaterThanOrEqualTo(before.slots());
    nowNanos += 100 * MILLI;
    renew("a");
    assertThat(record("a").reservedSlots(state().nowNanos() - 1000 * MILLI)).isZero();
  }

  @Test
  void slots_ofAKilledNodeStayBookedWhileItsRequestsLive() {
    ramping();
    pass(1000, 4, good(4));
    nodes.remove("c");
    long leaseEnds = record("c").bookings().get(record("c").bookings().size() - 1).expiresNanos();
    int slots = record("c").slots();
    assertThat(slots).isPositive();
    NodeRecord killed = record("c");
    assertThat(killed.live(leaseEnds + MILLI)).isFalse();
    assertThat(killed.reservedSlots(leaseEnds - MILLI)).isEqualTo(slots);
    assertThat(killed.reservedSlots(leaseEnds + MILLI)).isZero();
  }

  @Test
  void slots_ofAKilledNodeOutliveItsRestart() {
    ramping();
    final int slots = record("c").slots();
    nodes.remove("c");
    pass(1100, 4, good(4));
    node("c").incarnation = 2;
    renew("c");
    renew("c");
    assertThat(record("c").incarnation()).isEqualTo(2);
    assertThat(record("c").reservedSlots(state().nowNanos() - 1000 * MILLI))
        .as("what the old process sent may still be at the backend")
        .isGreaterThanOrEqualTo(slots);
  }

  @Test
  void requestsThatOutliveTheirSlots_stayBooked() {
    ramping();
    node("b").inFlight = 9;
    pass(300, 4, good(4));
    assertThat(record("b").reservedSlots(state().nowNanos() - 1000 * MILLI)).isEqualTo(8);
  }

  @Test
  void acknowledgement_ofAnotherLedgersGrantFreesNothing() {
    ramping();
    pass(300, 4, good(4));
    NodeRecord before = record("a");
    long newest = before.bookings().get(before.bookings().size() - 1).counter();
    var held = node("a").grant.orElseThrow();
    var foreign =
        new Renewal(
            "a",
            1,
            node("a").sequence + 1,
            nowNanos,
            new GrantId(held.id().lineage() + 1, newest),
            0,
            held.ratePerSecond(),
            held.slots(),
            node("a").report(),
            Optional.empty());
    List<Long> kept =
        before
            .reported(
                foreign, held.id().lineage(), state().nowNanos() - 1000 * MILLI, state().nowNanos())
            .bookings()
            .stream()
            .map(Booking::counter)
            .toList();
    assertThat(kept)
        .containsExactlyElementsOf(before.bookings().stream().map(Booking::counter).toList());
  }

  @Test
  void refusedDuplicate_cannotProlongABlackout() {
    ramping();
    long blackout = state().authority().blackoutUntilNanos();
    long epoch = state().authority().epoch();
    var stranger =
        new Renewal(
            "a",
            2,
            1,
            nowNanos,
            new GrantId(12345, 678),
            epoch + 5,
            100,
            5,
            node("a").report(),
            Optional.empty());
    assertThat(ledger.renew(state, stranger, now()).state().authority().blackoutUntilNanos())
        .isEqualTo(blackout);
    assertThat(ledger.renew(state, stranger, now()).state().authority().epoch()).isEqualTo(epoch);
  }

  private NodeRecord record(String name) {
    return Objects.requireNonNull(state().nodes().get(name));
  }

  /** Two nodes that renew every 0.9 s, half a turn apart: one of them is overdue at any time. */
  private void outOfStep(long millis, Tally perTick) {
    nodes.remove("c");
    for (long tick = 0; tick < millis / 100; tick++) {
      nowNanos += 100 * MILLI;
      nodes.values().forEach(node -> node.sees(4, perTick));
      if (tick % 9 == 0) {
        renew("a");
      } else if (tick % 9 == 4) {
        renew("b");
      }
    }
  }

  @Test
  void nodesThatAreAlwaysOverdue_badNewsCutsAllTheSame() {
    ramping();
    double before = state().control().ceiling();
    outOfStep(9000, new Tally(0, 0, 0, 0, 4, 0));
    assertThat(state().control().ceiling()).isLessThan(0.5 * before);
    assertThat(state().recovery().phase()).isIn(Phase.ROLLBACK, Phase.OUTAGE);
  }

  @Test
  void roundThatLapsesWithBadNews_cutsAtOnce() {
    ramping();
    nodes.remove("c");
    double before = state().control().ceiling();
    for (int tick = 0; state().control().ceiling() >= before; tick++) {
      nowNanos += 100 * MILLI;
      nodes.values().forEach(node -> node.sees(4, new Tally(0, 0, 0, 0, 4, 0)));
      if (tick % 9 % 4 == 0 && tick % 9 < 8) {
        renew(tick % 9 == 0 ? "a" : "b");
      }
    }
    assertThat(state().control().falling()).as("no node keeps its rate for noise").isTrue();
  }

  @Test
  void nodesThatAreAlwaysOverdue_goodNewsRaisesNothing() {
    ramping();
    outOfStep(1000, good(4));
    double before = state().control().ceiling();
    outOfStep(20_000, good(40));
    assertThat(state().control().ceiling()).isLessThanOrEqualTo(before);
    assertThat(state().control().falling()).as("nor is a cut owed").isFalse();
    assertThat(state().recovery().phase()).isEqualTo(Phase.RAMPING);
  }

  /** One request that costs fifty is one outcome, whatever became of it. */
  @Test
  void oneDearRequest_isNoOutageAndNoRamp() {
    open();
    pass(31_000, 0, Tally.NONE);
    node("a").sees(0, new Tally(0, 0, 0, 0, 50, 0, 1));
    pass(3000, 0, Tally.NONE);
    assertThat(state().recovery().phase()).isEqualTo(Phase.OPEN);
    command(Verb.CLOSE, OptionalLong.empty());
    command(Verb.BEGIN, OptionalLong.of(state().authority().epoch()));
    pass(1000, 0, Tally.NONE);
    node("a").sees(0, new Tally(50, 0, 0, 0, 0, 20 * MILLI, 1));
    pass(3000, 0, Tally.NONE);
    assertThat(state().recovery().phase()).isEqualTo(Phase.PROBING);
  }
}

package io.trafficgovernor.admission.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.control.Brakes;
import io.trafficgovernor.admission.control.Round;
import io.trafficgovernor.admission.control.Signal;
import io.trafficgovernor.admission.control.Tally;
import io.trafficgovernor.admission.lease.ClassReport;
import io.trafficgovernor.admission.lease.NodeReport;
import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.admission.testing.Classes;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What belongs to a round, and when it is over. Leases are renewed every 100 ms. */
final class RoundClosingTest {
  private static final long MILLI = 1_000_000L;
  private static final long START = 5000 * MILLI;
  private static final LeaseTerms SHORT = LeaseTerms.of(Phase.RAMPING, false, 100, 1);
  private static final LeaseTerms LONG = LeaseTerms.of(Phase.OPEN, true, 1, 1);
  private static final NodeReport NOTHING = report(Tally.NONE);

  private final OpenRound begun = OpenRound.begun(START, 1);

  private static NodeReport report(Tally tally) {
    return new NodeReport(List.of(new ClassReport(0, 0, 0, 0, tally)), 0, 0);
  }

  private static long at(long millis) {
    return START + millis * MILLI;
  }

  private OpenRound ended(long outcomes) {
    return begun.plus("a", 100, report(new Tally(outcomes, 0, 0, 0, 0, 0)), NOTHING);
  }

  private static NodeRecord node(String name, long reportedNanos, int inFlight, long endsNanos) {
    return new NodeRecord(
        name,
        1,
        1,
        0,
        reportedNanos,
        new NodeReport(List.of(ClassReport.NONE), inFlight, 0),
        List.of(0.0),
        0,
        List.of(new Booking(1, 10, 1, endsNanos, 1, 1)),
        0,
        0,
        true,
        Brakes.NEVER);
  }

  private static List<NodeRecord> reportedAt(long millis) {
    return List.of(node("a", at(millis), 0, at(60_000)));
  }

  @ParameterizedTest
  @CsvSource({
    "250, 20, true",
    "249, 20, false",
    "250, 19, false",
    "999, 19, false",
    "1000, 0, true" // a second is enough
  })
  void round_closesWithTwentyOutcomesOrAfterASecond(long millis, long outcomes, boolean closes) {
    assertThat(ended(outcomes).closes(reportedAt(millis), SHORT, at(millis))).isEqualTo(closes);
  }

  @ParameterizedTest
  @CsvSource({"1250, 20, true", "1249, 20, false", "1999, 19, false", "2000, 0, true"})
  void round_isLongerWhereRenewalsAreRare(long millis, long outcomes, boolean closes) {
    assertThat(ended(outcomes).closes(reportedAt(millis), LONG, at(millis))).isEqualTo(closes);
  }

  @Test
  void round_waitsForWhoeverHasALease() {
    NodeRecord told = node("a", at(1000), 0, at(60_000));
    long now = at(1200);
    assertThat(begun.closes(List.of(told), SHORT, now)).as("two renewals ago").isTrue();
    assertThat(begun.closes(List.of(told), SHORT, now + 1)).as("overdue").isFalse();
    NodeRecord silent = node("b", at(-50), 0, at(60_000));
    assertThat(begun.closes(List.of(told, silent), SHORT, now)).isFalse();
    NodeRecord gone = node("b", at(-50), 0, now);
    assertThat(begun.closes(List.of(told, gone), SHORT, now)).as("its lease has ended").isTrue();
    NodeRecord once = node("b", START, 0, at(60_000));
    assertThat(begun.closes(List.of(once), LONG, at(2000))).isFalse();
    assertThat(begun.closes(List.of(node("b", at(1000), 0, at(60_000))), LONG, at(2000))).isTrue();
  }

  @Test
  void round_lapsesAfterTwoSecondsOrEightRenewals() {
    assertThat(begun.lapses(SHORT, at(2000) - 1)).isFalse();
    assertThat(begun.lapses(SHORT, at(2000))).isTrue();
    assertThat(begun.lapses(LONG, at(4000) - 1)).isFalse();
    assertThat(begun.lapses(LONG, at(4000))).isTrue();
  }

  @Test
  void counters_belongToTheRoundIfTheyGrewInIt() {
    long gathered = 300 * MILLI;
    assertThat(begun.covers("a", at(-200), gathered, SHORT, at(100))).isTrue();
    assertThat(begun.covers("a", at(-200) - 1, gathered, SHORT, at(100)))
        .as("the last report is too old")
        .isFalse();
    assertThat(begun.covers("a", at(-200), gathered + 1, SHORT, at(100)))
        .as("gathered over a longer time than the round's and two renewals")
        .isFalse();
    OpenRound before =
        begun.plus("a", 100 * MILLI, NOTHING, NOTHING).plus("a", 50 * MILLI, NOTHING, NOTHING);
    assertThat(before.covers("a", at(0), 150 * MILLI, SHORT, at(100))).isTrue();
    assertThat(before.covers("a", at(0), 150 * MILLI + 1, SHORT, at(100))).isFalse();
    assertThat(before.covers("b", at(0), gathered, SHORT, at(100))).as("another node").isTrue();
  }

  @Test
  void counters_areAddedByTheirDifferences() {
    NodeReport first =
        new NodeReport(List.of(new ClassReport(10, 20, 30, 40, new Tally(9, 0, 0, 0, 0, 0))), 0, 5);
    NodeReport second =
        new NodeReport(
            List.of(new ClassReport(11, 22, 33, 44, new Tally(14, 0, 0, 0, 0, 0))), 0, 11);
    OpenRound round = begun.plus("a", 1, second, first).plus("b", 1, second, first);
    assertThat(round.added())
        .containsExactly(new ClassReport(2, 4, 6, 8, new Tally(10, 0, 0, 0, 0, 0)));
    assertThat(round.slotRefusals()).isEqualTo(12);
  }

  @Test
  void evidence_isThatOfLiveNodesAndOfProbes() {
    List<NodeRecord> nodes =
        List.of(
            node("a", START, 3, at(5000)), node("b", START, 4, at(5000)), node("c", 0, 50, START));
    Round round = ended(7).plusGoodProbe().plusGoodProbe().closed(nodes, at(500));
    assertThat(round.inFlight()).as("what the dead one had is not seen").isEqualTo(7);
    assertThat(round.goodProbes()).isEqualTo(2);
    assertThat(round.total().success()).isEqualTo(7);
    assertThat(round.seconds()).isEqualTo(0.5);
  }

  @ParameterizedTest
  @CsvSource({
    "10, 0, 10, 100, ''", // half of the bad outcomes do not stand out
    "11, 0, 10, 100, a",
    "10, 0, 9, 20, a",
    "12, 0, 8, 20, ''", // twice its part is not more than that
    "10, 10, 9, 20, ''" // it had most of all outcomes too
  })
  void node_standsOutWithMostOfTheBadOutcomesAndTwiceItsPart(
      long badOfA, long goodOfA, long badOfB, long goodOfB, String blamed) {
    OpenRound round =
        begun
            .plus("a", 1, report(new Tally(goodOfA, 0, 2, 3, badOfA - 5, 0)), NOTHING)
            .plus("b", 1, report(new Tally(goodOfB, 0, badOfB, 0, 0, 0)), NOTHING);
    assertThat(round.blame(Classes.chain(1), Signal.HARD).node()).isEqualTo(blamed);
  }
}

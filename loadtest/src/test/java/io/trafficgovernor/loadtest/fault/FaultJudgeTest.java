package io.trafficgovernor.loadtest.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.trafficgovernor.loadtest.incident.IncidentFile;
import io.trafficgovernor.loadtest.judge.Check;
import io.trafficgovernor.loadtest.plan.Population;
import io.trafficgovernor.loadtest.record.ArrivalColumns;
import io.trafficgovernor.loadtest.record.AttemptLog;
import io.trafficgovernor.loadtest.record.Ending;
import io.trafficgovernor.loadtest.record.NodeSample;
import io.trafficgovernor.loadtest.record.RunRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Faults that were drawn by hand: what is measured, and that bad ones are called so. */
final class FaultJudgeTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long MILLI = 1_000_000L;
  private static final double CEILING = 200;
  private static final Population POPULATION =
      IncidentFile.named("june-12").population().withRate(5 * CEILING);
  private static final FaultJudge.Setup SETUP = new FaultJudge.Setup(4, 3, 1, CEILING, POPULATION);

  private final ArrivalColumns arrivals = new ArrivalColumns();
  private final AttemptLog attempts = new AttemptLog();
  private final List<NodeSample> samples = new ArrayList<>();

  private static Played played(FaultCase fault, List<Integer> victims) {
    return new Played(fault, 10 * SECOND, 18 * SECOND, 20 * SECOND, victims, true, "");
  }

  private FaultRow row(Played played) {
    return new FaultJudge(SETUP, arrivals, attempts, samples).row(played);
  }

  /** The ceiling's rate from 0 to 30 s, without a gap. */
  private void used(double perSecond, double gapFrom, double gapUntil) {
    for (int i = 0; i < 30 * perSecond; i++) {
      double at = i / perSecond;
      if (at < gapFrom || at >= gapUntil) {
        long nanos = (long) (at * SECOND);
        arrivals.add(nanos, nanos - MILLI, "read");
      }
    }
  }

  private int critical() {
    return IntStream.range(0, POPULATION.systems().size())
        .filter(system -> POPULATION.rank(system) == 0)
        .findFirst()
        .orElseThrow();
  }

  private void asked(double seconds, int door, Ending ending) {
    long planned = (long) (seconds * SECOND);
    attempts.add(critical(), 0, door, planned, planned + MILLI, ending);
  }

  private void seen(double seconds, int node, int members) {
    long at = (long) (seconds * SECOND);
    samples.add(
        new NodeSample(node, at, at + MILLI, "FROZEN", 1, CEILING, 16, 3, members, List.of()));
  }

  private static FaultReport report(FaultRow row) {
    return new FaultReport(SETUP, true, List.of(row), List.of(), new RunRecord.Driver(0, 0, 0));
  }

  @Test
  void aGapOfTwoSeconds_isMeasuredFromTheFault() {
    used(CEILING, 10.5, 12.5);
    seen(9, 1, 3);
    seen(11.5, 0, 2);
    seen(11.7, 1, 2);
    seen(14, 2, 2);
    FaultRow row = row(played(FaultCase.KILL_OWNER, List.of(0)));
    assertThat(row.backSeconds()).isCloseTo(2.45, within(0.1));
    assertThat(row.removedSeconds().orElseThrow())
        .as("what a victim says does not count")
        .isCloseTo(1.7, within(0.01));
    assertThat(row.rejoinSeconds()).isZero();
    assertThat(row.lowest()).isZero();
    assertThat(row.excess()).hasSize(2).allMatch(each -> each.over() < 0);
    assertThat(report(row).verdict()).isEqualTo(Check.Outcome.PASS);
  }

  /** Where only the load moves, no return is judged but how much was used in all of it. */
  @Test
  void ofALoad_theMeanOfWhatWasUsedIsJudged() {
    used(CEILING, 12, 12.6);
    FaultRow missed = row(played(FaultCase.HOT_NODE, List.of()));
    assertThat(missed.used()).isCloseTo(7.4 / 8, within(0.01));
    assertThat(report(missed).checks())
        .filteredOn(check -> !check.pass())
        .singleElement()
        .satisfies(check -> assertThat(check.id()).isEqualTo("hot-node-used"));
  }

  @Test
  void ofALoad_aShortDipIsNoMatter() {
    used(CEILING, 12, 12.3);
    assertThat(report(row(played(FaultCase.SKEW, List.of()))).verdict())
        .isEqualTo(Check.Outcome.PASS);
  }

  /** Before a fault: what is due in the window counts, wherever it went. */
  @Test
  void calm_isTheSuccessOfWhatWasDueInTheWindow() {
    FaultJudge judge = new FaultJudge(SETUP, arrivals, attempts, samples);
    used(CEILING, 7, 7.1);
    assertThat(judge.calm(0, 5 * SECOND)).as("nobody asked").isFalse();
    asked(1, 0, Ending.TIMEOUT);
    asked(3, 0, Ending.OK);
    asked(4, 1, Ending.OK);
    asked(5, 2, Ending.TIMEOUT);
    asked(8, 2, Ending.OK);
    assertThat(judge.calm(2 * SECOND, 5 * SECOND)).isTrue();
    assertThat(judge.calm(2 * SECOND, 6 * SECOND)).as("one was not served").isFalse();
    assertThat(judge.calm(6 * SECOND, 9 * SECOND)).as("the ceiling was not used").isFalse();
  }

  /** What was wanted and not played must not pass for a table without a fault. */
  @Test
  void aFaultThatWasNotPlayed_isNoPass() {
    used(CEILING, 31, 32);
    FaultReport report =
        new FaultReport(
            SETUP,
            true,
            List.of(row(played(FaultCase.KILL_OTHER, List.of(2)))),
            List.of(new FaultReport.Left(FaultCase.CLOCK, "no library")),
            new RunRecord.Driver(0, 0, 0));
    assertThat(report.verdict()).isEqualTo(Check.Outcome.INCONCLUSIVE);
    assertThat(report.lines()).anyMatch(line -> line.endsWith("no library"));
  }

  /** So many nodes come back by whole requests and by demands that are chance. */
  @Test
  void aSmallCeiling_cannotTellTheReturn() {
    FaultJudge.Setup small = new FaultJudge.Setup(4, 3, 1, CEILING - 1, POPULATION);
    used(CEILING, 31, 32);
    FaultRow row = row(played(FaultCase.KILL_OTHER, List.of(2)));
    FaultReport report =
        new FaultReport(small, true, List.of(row), List.of(), new RunRecord.Driver(0, 0, 0));
    assertThat(report.verdict()).isEqualTo(Check.Outcome.INCONCLUSIVE);
  }

  /** A whole cluster that stays down is no pass either. */
  @Test
  void aRestartOfAllThatDoesNotSettle_fails() {
    used(CEILING, 31, 32);
    Played open =
        new Played(
            FaultCase.RESTART_OF_ALL,
            10 * SECOND,
            18 * SECOND,
            20 * SECOND,
            List.of(0, 1, 2),
            false,
            "");
    assertThat(report(row(open)).verdict()).isEqualTo(Check.Outcome.FAIL);
  }

  /** The negative control of the envelope: a node that goes on with the dead one's part. */
  @Test
  void twiceTheCeiling_isASurge() {
    used(CEILING, 31, 32);
    for (int i = 0; i < 800; i++) {
      long at = 12 * SECOND + 5L * i * MILLI / 2;
      arrivals.add(at, at - MILLI, "read");
    }
    FaultRow row = row(played(FaultCase.KILL_OWNER, List.of(0)));
    assertThat(row.excess().get(1).over()).isPositive();
    assertThat(report(row).verdict()).isEqualTo(Check.Outcome.FAIL);
    assertThat(report(row).lines()).anyMatch(line -> line.startsWith("FAIL kill-owner-envelope"));
  }

  @Test
  void whatCameBeforeTheFault_isNotItsDoing() {
    used(CEILING, 31, 32);
    for (int i = 0; i < 800; i++) {
      long at = 2 * SECOND + 5L * i * MILLI / 2;
      arrivals.add(at, at - MILLI, "read");
    }
    FaultRow row = row(played(FaultCase.KILL_OWNER, List.of(0)));
    assertThat(row.excess()).allMatch(each -> each.over() < 0);
  }

  /** What is kept for a silent node cannot be used by the others. */
  @Test
  void aSilentNodesShare_isNotMissed() {
    used(CEILING * (1 - 0.3 / 4), 31, 32);
    assertThat(row(played(FaultCase.KILL_OWNER, List.of(0))).backSeconds()).isZero();
    assertThat(row(played(FaultCase.KILL_OWNER, List.of(0))).lowest()).isGreaterThan(0.97);
  }

  @Test
  void gapsOfARollingRestart_areNotAdded() {
    used(CEILING, 11, 12);
    FaultRow row = row(played(FaultCase.ROLLING, List.of(0, 1, 2)));
    assertThat(row.backSeconds()).isBetween(0.9, 2.0);
  }

  @Test
  void criticalClasses_areCountedAtSurvivorsOnly() {
    used(CEILING, 31, 32);
    for (int i = 0; i < 80; i++) {
      asked(10 + i * 0.1, 0, Ending.TIMEOUT);
      asked(10 + i * 0.1, 1, i < 5 ? Ending.SHED : Ending.OK);
    }
    FaultRow row = row(played(FaultCase.STOP_SHORT, List.of(0)));
    assertThat(row.criticalWithin()).as("the first second").isCloseTo(0.5, within(0.01));
    assertThat(row.criticalAfter()).isCloseTo(75.0 / 80, within(0.01));
    assertThat(report(row).checks())
        .filteredOn(check -> check.id().startsWith("stop-short-critical"))
        .singleElement()
        .satisfies(check -> assertThat(check.pass()).isFalse());
  }

  /** Three are asked for 5 x 0.11 of the ceiling; each of four may use 0.3 of its part alone. */
  @Test
  void criticalFloor_isTheFailSafeShareOverTheDemand() {
    assertThat(SETUP.criticalFloor()).isCloseTo(0.3 * 3 / (4 * 5 * 0.11), within(0.01));
  }

  @Test
  void aFaultThatDidNotSettle_fails() {
    used(CEILING, 31, 32);
    Played open =
        new Played(
            FaultCase.STOP_LONG, 10 * SECOND, 18 * SECOND, 20 * SECOND, List.of(0), false, "");
    assertThat(report(row(open)).verdict()).isEqualTo(Check.Outcome.FAIL);
    assertThat(FaultReport.line(row(open))).endsWith("NOT SETTLED");
  }

  @Test
  void aLongWayToTheStore_isInconclusive() {
    for (int i = 0; i < 6_000; i++) {
      arrivals.add(5L * i * MILLI, 5L * i * MILLI - 300 * MILLI, "read");
    }
    assertThat(report(row(played(FaultCase.KILL_OTHER, List.of(2)))).verdict())
        .isEqualTo(Check.Outcome.INCONCLUSIVE);
  }

  @Test
  void attemptsThatWereNotMade_spoilTheRun() {
    used(CEILING, 31, 32);
    FaultReport spoiled =
        new FaultReport(
            SETUP,
            true,
            List.of(row(played(FaultCase.KILL_OTHER, List.of(2)))),
            List.of(),
            new RunRecord.Driver(3, 0, 0));
    assertThat(spoiled.verdict()).isEqualTo(Check.Outcome.INCONCLUSIVE);
  }

  @Test
  void files_holdTheRowAndTheVerdict() {
    used(CEILING, 10.5, 12.5);
    seen(11.5, 1, 2);
    FaultReport report = report(row(played(FaultCase.KILL_OWNER, List.of(0))));
    var json = FaultFiles.json(report, java.util.Map.of("seed", "1"));
    assertThat(json.getString("verdict")).isEqualTo("pass");
    assertThat(json.getJsonArray("faults").getJsonObject(0).getString("fault"))
        .isEqualTo("kill-owner");
    assertThat(json.getJsonArray("faults").getJsonObject(0).getDouble("removed_s"))
        .isCloseTo(1.5, within(0.01));
    assertThat(FaultFiles.html(report, java.util.Map.of("a", "<b>")))
        .contains("SIGKILL of the owner")
        .contains("&lt;b&gt;")
        .doesNotContain("<b>");
  }
}

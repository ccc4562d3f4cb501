package io.trafficgovernor.admission.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.ClassTable;
import io.trafficgovernor.admission.control.Signal;
import io.trafficgovernor.admission.control.Tally;
import io.trafficgovernor.admission.lease.ClassReport;
import io.trafficgovernor.admission.lease.NodeReport;
import io.trafficgovernor.admission.recovery.Failed.Blame;
import io.trafficgovernor.admission.testing.Classes;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a red round is laid at the door of. */
final class OpenRoundTest {
  private static final ClassTable CLASSES = Classes.chain(3);
  private static final NodeReport NOTHING = report(Tally.NONE, Tally.NONE, Tally.NONE);
  private static final Tally GOOD = new Tally(30, 0, 0, 0, 0, 0);
  private static final Tally LATE = new Tally(10, 0, 0, 0, 20, 0);
  private static final Tally REFUSED = new Tally(20, 10, 0, 0, 0, 0);

  private OpenRound round = OpenRound.begun(0, 3);

  private static NodeReport report(Tally... tallies) {
    List<ClassReport> classes = new ArrayList<>();
    for (Tally tally : tallies) {
      classes.add(new ClassReport(0, 0, 0, 0, tally));
    }
    return new NodeReport(classes, 0, 0);
  }

  private void told(String node, Tally... tallies) {
    round = round.plus(node, 100, report(tallies), NOTHING);
  }

  private Blame blame(Signal signal) {
    return round.blame(CLASSES, signal);
  }

  @Test
  void class_thatHadMostOfIt() {
    told("a", GOOD, LATE, GOOD);
    told("b", GOOD, LATE, GOOD);
    assertThat(blame(Signal.HARD)).isEqualTo(new Blame("class-1", ""));
  }

  @Test
  void node_thatStandsOut() {
    told("a", GOOD, GOOD, GOOD);
    told("b", GOOD, GOOD, GOOD);
    told("c", GOOD, GOOD, LATE);
    assertThat(blame(Signal.HARD)).isEqualTo(new Blame("class-2", "c"));
  }

  @Test
  void node_thatOnlyHadMostOfTheTraffic() {
    told("a", GOOD, LATE, LATE);
    told("b", LATE, Tally.NONE, Tally.NONE);
    assertThat(blame(Signal.HARD).node()).isEmpty();
  }

  @Test
  void refusals_countForFastOnly() {
    told("a", REFUSED, GOOD, LATE);
    assertThat(blame(Signal.FAST).className()).isEqualTo("class-0");
    assertThat(blame(Signal.HARD).className()).isEqualTo("class-2");
  }

  @Test
  void answered_byAnythingButLateTimeOuts() {
    assertThat(round.answered()).isFalse();
    assertThat(round.plusGoodProbe().answered()).as("a probe").isTrue();
    told("a", Tally.NONE, new Tally(0, 0, 0, 0, 5, 0), Tally.NONE);
    assertThat(round.answered()).as("late time-outs").isFalse();
    told("b", Tally.NONE, Tally.NONE, REFUSED);
    assertThat(round.answered()).isTrue();
  }

  @Test
  void silence_isNobodys() {
    assertThat(blame(Signal.STALL)).isEqualTo(Blame.NOBODY);
  }

  @Test
  void node_standsOutByAllItHasTold() {
    told("a", LATE, Tally.NONE, Tally.NONE);
    told("a", GOOD, Tally.NONE, Tally.NONE);
    told("b", GOOD, GOOD, GOOD);
    assertThat(blame(Signal.HARD).node()).as("not only by the last of it").isEqualTo("a");
  }
}

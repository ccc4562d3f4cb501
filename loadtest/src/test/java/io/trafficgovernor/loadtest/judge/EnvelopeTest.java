package io.trafficgovernor.loadtest.judge;

import static io.trafficgovernor.loadtest.testing.RunSketch.RETURNED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.trafficgovernor.loadtest.record.RunRecord;
import io.trafficgovernor.loadtest.testing.RunSketch;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The envelope on the wire, and surges that it must catch. */
final class EnvelopeTest {
  private static final long MILLI = 1_000_000L;

  private static Envelope.Finding judge(RunSketch sketch) {
    RunRecord run = sketch.record();
    return Envelope.judge(
        run.arrivals(),
        run.nodes(),
        new Envelope.Setup(3, 2, run.moments().diedNanos()),
        List.of(0.1, 1.0));
  }

  private static Envelope.Worst worst(RunSketch sketch, int length) {
    return judge(sketch).worst().get(length);
  }

  @Test
  void arrivalsUnderTheCeiling_areInside() {
    Envelope.Finding finding = judge(new RunSketch());
    assertThat(finding.worst()).allMatch(each -> each.over() < 0);
    assertThat(finding.delaySeconds()).isCloseTo(0.002, within(1e-9));
    assertThat(finding.judged()).isEqualTo(2_950);
    assertThat(finding.unstamped()).isZero();
  }

  @Test
  void bound_isWhatCanReallyBeThere() {
    // Each of 3 nodes: a bucket of 5 tokens, 2 loops past the late check, 1 token of rounding.
    // Of the bucket of the one that has all of a high ceiling: 20 ms of it. Clocks: 0.2 %.
    Envelope.Worst worst = worst(new RunSketch().burst(15, 300, MILLI), 0);
    assertThat(worst.bound()).isCloseTo(15 + 9 + 2e-3 * 200 * 0.1, within(1e-9));
    Envelope.Worst high = worst(new RunSketch().ceiling(s -> 1_000).burst(15, 900, MILLI), 1);
    assertThat(high.bound()).isCloseTo(10 + 20 + 9 + 2e-3 * 1_000 * 1, within(1e-9));
  }

  @Test
  void burst_overTheBoundIsCaughtAndUnderItIsNot() {
    // 0.1 s at 100/s of 200/s leaves 10 tokens and some; B is 24.04.
    assertThat(worst(new RunSketch().burst(15, 30, 2 * MILLI), 0).over()).isNegative();
    Envelope.Worst caught = worst(new RunSketch().burst(15, 40, 2 * MILLI), 0);
    assertThat(caught.over()).isPositive();
    assertThat((caught.atNanos() - RETURNED) / 1e9).isBetween(14.9, 15.2);
  }

  @Test
  void steadyExcess_isCaughtInTheLongerWindow() {
    // 50 more in a second than 200/s allow, never more than 3 at a time.
    RunSketch sketch = new RunSketch();
    for (int i = 0; i < 60; i++) {
      sketch.burst(15 + i / 60.0, 3, 2 * MILLI);
    }
    assertThat(worst(sketch, 1).over()).isPositive();
  }

  @Test
  void whatWasLongOnItsWay_countsFromItsSending() {
    // 60 requests at once: too many for 100 ms, but they were under way for 300 ms of 200/s.
    assertThat(worst(new RunSketch().burst(15, 60, 2 * MILLI), 0).over()).isPositive();
    assertThat(worst(new RunSketch().burst(15, 60, 300 * MILLI), 0).over()).isNegative();
    assertThat(judge(new RunSketch().burst(15, 60, 300 * MILLI)).delaySeconds())
        .isCloseTo(0.3, within(1e-9));
  }

  @Test
  void afterAFall_theOldCeilingCountsForALeaseAndNoLonger() {
    RunSketch falling = new RunSketch().ceiling(s -> s < 10 ? 1_000 : 110);
    assertThat(worst(falling.burst(10.5, 60, 2 * MILLI), 0).over()).isNegative();
    RunSketch late = new RunSketch().ceiling(s -> s < 10 ? 1_000 : 110);
    assertThat(worst(late.burst(11.5, 60, 2 * MILLI), 0).over()).isPositive();
  }

  @Test
  void beforeAnyGrant_nothingMayArriveButTheBound() {
    RunSketch early = new RunSketch().burst(-5, 40, 2 * MILLI);
    assertThat(worst(early, 0).over()).isCloseTo(40 - 24, within(1e-9));
  }

  @Test
  void open_isNotJudgedAtAll() {
    Envelope.Finding finding =
        judge(new RunSketch().phaseAfterReturn("OPEN").burst(15, 5_000, 2 * MILLI));
    assertThat(finding.worst()).allMatch(each -> each.over() <= 0);
    assertThat(finding.judged()).as("nothing is proven").isZero();
  }

  @Test
  void probes_areNoRequests() {
    RunRecord run = new RunSketch().record();
    for (int i = 0; i < 500; i++) {
      run.arrivals().add(RunSketch.at(29.9), 0, "probe");
    }
    Envelope.Finding finding =
        Envelope.judge(
            run.arrivals(), run.nodes(), new Envelope.Setup(3, 2, RETURNED), List.of(0.1));
    assertThat(finding.worst().get(0).over()).isNegative();
    assertThat(finding.unstamped()).isZero();
  }

  @Test
  void unstamped_andStampsFromTheFutureAreCounted() {
    assertThat(judge(new RunSketch().unstamped(15)).unstamped()).isEqualTo(1);
    assertThat(judge(new RunSketch().burst(15, 2, -MILLI)).unstamped()).isEqualTo(2);
  }
}

package io.trafficgovernor.loadtest.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.loadtest.testing.RunSketch;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One value a second, from 5 s before the death (second 0) on; the return is in second 25. */
final class SeriesTest {
  private static final int RETURN = 25;
  private final Series series = new Series(new RunSketch().reopened(29).record());

  @Test
  void time_countsFromTheReturn() {
    assertThat(series.at(0)).isEqualTo(-24.5);
    assertThat(series.at(RETURN)).isEqualTo(0.5);
    assertThat(series.seconds()).isEqualTo(55);
  }

  @Test
  void ceiling_isUnknownWhereItDoesNotBind() {
    double[] ceiling = series.ceiling();
    assertThat(ceiling[0]).as("OPEN").isNaN();
    assertThat(ceiling[10]).as("OUTAGE").isZero();
    assertThat(ceiling[RETURN + 10]).isEqualTo(200);
  }

  @Test
  void capacity_isZeroWhileTheStoreIsDown() {
    assertThat(series.capacity()[0]).isEqualTo(500);
    assertThat(series.capacity()[10]).isZero();
  }

  @Test
  void arrivalsAndAdmitted_areCountedPerSecond() {
    assertThat(series.arrivals()[10]).isZero();
    assertThat(series.arrivals()[RETURN]).as("half a second, without the probe").isEqualTo(50);
    assertThat(series.arrivals()[RETURN + 5]).isEqualTo(100);
    assertThat(series.admitted()[RETURN + 5]).isEqualTo(100);
  }

  @Test
  void success_isPerClassAndOverAll() {
    List<double[]> classes = series.successByClass();
    assertThat(classes).hasSize(3);
    assertThat(classes.get(0)[0]).isEqualTo(100);
    assertThat(classes.get(0)[10]).isZero();
    assertThat(classes.get(0)[RETURN + 3]).isEqualTo(100);
    assertThat(classes.get(2)[RETURN + 3]).isZero();
    assertThat(series.success()[RETURN + 3]).as("two of three systems").isBetween(66.0, 67.0);
  }
}

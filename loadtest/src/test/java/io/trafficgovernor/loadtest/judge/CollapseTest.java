package io.trafficgovernor.loadtest.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.loadtest.testing.RunSketch;
import org.junit.jupiter.api.Test;

final class CollapseTest {
  private static Collapse collapse(RunSketch sketch) {
    return Collapse.of(sketch.record());
  }

  @Test
  void outageBeforeTheReturn_isNoSecondCollapse() {
    assertThat(collapse(new RunSketch()).count()).isZero();
    assertThat(collapse(new RunSketch().restart(-5)).count()).isZero();
  }

  @Test
  void stillInOutageAtFirst_isNoSecondCollapse() {
    assertThat(collapse(new RunSketch().says(0, 0.001, "OUTAGE")).count()).isZero();
  }

  @Test
  void restartAfterTheReturn_isOne() {
    assertThat(collapse(new RunSketch().restart(7))).isEqualTo(new Collapse(1, 0));
  }

  @Test
  void backToOutage_countsOnceForAllNodes() {
    RunSketch sketch = new RunSketch();
    for (int node = 0; node < 3; node++) {
      sketch.says(node, 6.97, "OUTAGE").says(node, 6.99, "OUTAGE");
    }
    assertThat(collapse(sketch)).isEqualTo(new Collapse(0, 1));
    assertThat(collapse(sketch.says(1, 9.01, "OUTAGE"))).isEqualTo(new Collapse(0, 2));
  }
}

package io.trafficgovernor.admission.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.trafficgovernor.admission.ramp.RampPlan;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

final class ForecastTest {
  private static final List<Double> DEMAND = List.of(100.0, 300.0, 600.0);
  private static final RampPlan FREE = new RampPlan.Adaptive();

  private static Forecast forecast(RampPlan plan, double ceiling, double growth, int nodes) {
    return Forecast.of(new Outlook(plan, 0, ceiling, growth, DEMAND, nodes, 1));
  }

  @Test
  void classesOpenInOrder_whereTheCutoffLetsThemIn() {
    Forecast forecast = forecast(FREE, 100, 0.05, 3);
    assertThat(forecast.opensInSeconds())
        .as("1.25 C = 100, 400, 1000 with C = 100 e^(t/20)")
        .containsExactly(OptionalDouble.of(0), OptionalDouble.of(24), OptionalDouble.of(42));
    assertThat(forecast.fullInSeconds()).as("C = 1100").hasValue(48);
    assertThat(forecast.points()).hasSize(49);
  }

  @Test
  void planThatIsSlower_setsThePace() {
    RampPlan plan = new RampPlan.Linear(50, 2000, 195_000_000_000L);
    Forecast forecast = forecast(plan, 100, 1, 3);
    assertThat(forecast.points().get(10).ceilingPerSecond()).isCloseTo(150, within(1e-9));
    assertThat(forecast.fullInSeconds()).as("50 + 10 t = 1100").hasValue(105);
  }

  @Test
  void ceilingThatDoesNotGrow_isNeverFull() {
    Forecast forecast = forecast(FREE, 100, 0, 3);
    assertThat(forecast.fullInSeconds()).isEmpty();
    assertThat(forecast.opensInSeconds().get(2)).isEmpty();
    assertThat(forecast.points()).as("bounded").hasSize(3601);
  }

  @Test
  void worstExcess_countsABurstForEachNode() {
    double three = forecast(FREE, 2000, 0, 3).worstExcessTokens();
    double eight = forecast(FREE, 2000, 0, 8).worstExcessTokens();
    assertThat(three).as("5 + 5 + 40, 6 on the way, 4 of drift").isCloseTo(60, within(0.01));
    assertThat(eight - three).as("5 + 2 for each node").isCloseTo(35, within(0.01));
  }

  @Test
  void worstExcess_countsTokensNotRequests() {
    double dear = Forecast.of(new Outlook(FREE, 0, 2000, 0, DEMAND, 3, 10)).worstExcessTokens();
    double plain = forecast(FREE, 2000, 0, 3).worstExcessTokens();
    assertThat(dear - plain).as("9 owed and 18 more on the way, for each node").isEqualTo(81);
  }

  @Test
  void outlook_saysWhatIsAllowed() {
    assertThatThrownBy(() -> forecast(FREE, 0, 0.1, 3)).hasMessageContaining("ceiling: got 0.0/s");
    assertThatThrownBy(() -> forecast(FREE, 1, 0.1, 0)).hasMessageContaining("nodes: got 0");
  }
}

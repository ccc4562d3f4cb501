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
  private static final double AGE = 10;
  private static final RampPlan FREE = new RampPlan.Adaptive();

  private static Forecast forecast(RampPlan plan, double ceiling, double growth, int nodes) {
    return Forecast.of(new Outlook(plan, 0, ceiling, growth, AGE, DEMAND, nodes, 1));
  }

  @Test
  void classesOpenInOrder_whereTheCutoffLetsThemIn() {
    Forecast forecast = forecast(FREE, 100, 0.5, 3);
    assertThat(forecast.opensInSeconds())
        .as("1.25 C = 100, 400, 1000 with C = 100 + 500 ln(1 + t/10)")
        .containsExactly(OptionalDouble.of(0), OptionalDouble.of(6), OptionalDouble.of(31));
    assertThat(forecast.fullInSeconds()).as("C = 1100, 10 e^2 - 10").hasValue(64);
    assertThat(forecast.points()).hasSize(65);
  }

  @Test
  void growth_halvesAsTheRampGetsTwiceAsOld() {
    List<Forecast.Point> points = forecast(FREE, 100, 0.02, 3).points();
    double now = points.get(1).ceilingPerSecond() - points.get(0).ceilingPerSecond();
    double later = points.get(11).ceilingPerSecond() - points.get(10).ceilingPerSecond();
    assertThat(now).as("2 % of 100, a little less in the course of it").isBetween(1.9, 2.0);
    assertThat(later / now).isCloseTo(0.51, within(0.01));
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
    double dear =
        Forecast.of(new Outlook(FREE, 0, 2000, 0, AGE, DEMAND, 3, 10)).worstExcessTokens();
    double plain = forecast(FREE, 2000, 0, 3).worstExcessTokens();
    assertThat(dear - plain).as("9 owed and 18 more on the way, for each node").isEqualTo(81);
  }

  @Test
  void outlook_saysWhatIsAllowed() {
    assertThatThrownBy(() -> forecast(FREE, 0, 0.1, 3)).hasMessageContaining("ceiling: got 0.0/s");
    assertThatThrownBy(() -> forecast(FREE, 1, 0.1, 0)).hasMessageContaining("nodes: got 0");
    assertThatThrownBy(() -> new Outlook(FREE, 0, 1, 0, 0, DEMAND, 3, 1))
        .hasMessageContaining("age: got 0.0 s");
  }
}

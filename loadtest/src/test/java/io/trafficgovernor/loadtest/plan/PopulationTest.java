package io.trafficgovernor.loadtest.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trafficgovernor.loadtest.store.Zipf;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PopulationTest {
  private static final Zipf KEYS = new Zipf(10, 0.8);

  private static TrafficClass trafficClass(String name, String... after) {
    return new TrafficClass(name, List.of(after), Duration.ofMillis(150), Duration.ofSeconds(1));
  }

  private static SystemTraffic system(String name, String className, double share, int retries) {
    return new SystemTraffic(
        name, className, share, false, Duration.ofSeconds(1), retries, Duration.ofMillis(500));
  }

  private static Population population(List<TrafficClass> classes, List<SystemTraffic> systems) {
    return new Population(100, classes, systems, 0.7, KEYS);
  }

  @Test
  void rank_isThePlaceOfTheSystemsClass() {
    Population population =
        population(
            List.of(trafficClass("config"), trafficClass("auth", "config")),
            List.of(system("A", "auth", 0.4, 0), system("B", "config", 0.6, 0)));
    assertThat(population.rank(0)).isEqualTo(1);
    assertThat(population.rank(1)).isZero();
    assertThat(population.withRate(50).ratePerSecond()).isEqualTo(50);
    assertThat(population.withRate(50).systems()).isEqualTo(population.systems());
  }

  @Test
  void withoutRetries_onlyTheRetriesAreGone() {
    Population population =
        population(
            List.of(trafficClass("config")),
            List.of(system("A", "config", 0.4, 3), system("B", "config", 0.6, 0)));
    assertThat(population.withoutRetries().systems())
        .containsExactly(system("A", "config", 0.4, 0), system("B", "config", 0.6, 0));
    assertThat(population.withoutRetries().ratePerSecond()).isEqualTo(100);
  }

  @Test
  void shares_addUpToOne() {
    assertThatThrownBy(
            () ->
                population(
                    List.of(trafficClass("config")),
                    List.of(system("A", "config", 0.4, 0), system("B", "config", 0.4, 0))))
        .hasMessage("shares of the systems: got a sum of 0.8, allowed 1");
  }

  @Test
  void parents_comeFirstAndNamesAreUnique() {
    List<SystemTraffic> systems = List.of(system("A", "auth", 0.4, 0), system("B", "auth", 0.6, 0));
    assertThatThrownBy(
            () ->
                population(
                    List.of(trafficClass("auth", "config"), trafficClass("config")), systems))
        .hasMessageContaining("class auth after [config]");
    assertThatThrownBy(
            () -> population(List.of(trafficClass("auth"), trafficClass("auth")), systems))
        .hasMessageContaining("class auth after []");
  }

  @Test
  void systems_areOfAClassThatIsThere() {
    assertThatThrownBy(
            () ->
                population(
                    List.of(trafficClass("auth")),
                    List.of(system("A", "batch", 0.4, 0), system("B", "auth", 0.6, 0))))
        .hasMessage("class of A: got batch, allowed [auth]");
  }

  @Test
  void system_hasAShareAndBoundedRetries() {
    assertThatThrownBy(() -> system("A", "auth", 0, 0))
        .hasMessage("share of A: got 0.0, allowed more than 0 and less than 1");
    assertThatThrownBy(() -> system("A", "auth", Double.NaN, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> system("A", "auth", 0.1, 11))
        .hasMessage("retries of A: got 11, allowed 0 to 10");
    assertThatThrownBy(() -> system("A", "auth", 0.1, -1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}

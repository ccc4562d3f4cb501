package io.trafficgovernor.loadtest.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trafficgovernor.loadtest.store.StoreSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

final class ScenariosTest {
  @SuppressWarnings("UnusedVariable") // by name, below
  private static final List<String> ALL = Scenarios.NAMES;

  @TempDir private Path folder;

  @ParameterizedTest
  @FieldSource("ALL")
  void every_canBeRead(String name) {
    Scenario scenario = Scenarios.named(name);
    assertThat(scenario.name()).isEqualTo(name);
    assertThat(scenario.promises()).isNotEmpty();
    assertThat(scenario.classes().size()).isEqualTo(scenario.population().classes().size());
  }

  @Test
  void like_takesAllThatIsNotSaid() {
    Scenario base = Scenarios.named("S1");
    Scenario half = Scenarios.named("S6");
    assertThat(half.backend().store().servers()).isEqualTo(8);
    assertThat(half.backend().store().cacheKeys()).isEqualTo(base.backend().store().cacheKeys());
    assertThat(half.population().classes()).isEqualTo(base.population().classes());
    assertThat(half.promises()).isNotEqualTo(base.promises());
  }

  /** A mapping that is merged keeps what is not taken back. */
  @Test
  void aHotNode_isNotSkewedAsWell() {
    for (String name : List.of("hot-node", "hot-node-50", "hot-node-1000")) {
      assertThat(Scenarios.named(name).choice()).as(name).isInstanceOf(NodeChoice.MovingHot.class);
    }
    assertThat(Scenarios.read("mine", "like: skew-8\nnode-choice: { hot-share: 0.7 }\n").faults())
        .singleElement()
        .asString()
        .contains("node-choice: got zipf and hot-share, allowed one of them");
  }

  @Test
  void aStoreThatNeverRestarts_mayBeLikeOneThatDoes() {
    assertThat(Scenarios.named("osdi22").backend().store().crash())
        .isEqualTo(StoreSettings.Crash.NEVER);
  }

  @Test
  void halfOfJuneTwelve_isTheSameForHalfAsMany() {
    Scenario full = Scenarios.named("june-12");
    Scenario half = Scenarios.named("june-12-half");
    assertThat(half.population().ratePerSecond()).isEqualTo(full.population().ratePerSecond() / 2);
    assertThat(half.events()).isEqualTo(full.events());
    assertThat(half.backend()).isEqualTo(full.backend());
  }

  @Test
  void tenTimesTheDemand_isTenTimesTheStoreTheQuotaAndTheHerd() {
    Scenario base = Scenarios.named("S4b");
    Scenario ten = base.scaled(10);
    assertThat(ten.population().ratePerSecond()).isEqualTo(10 * base.population().ratePerSecond());
    assertThat(ten.backend().store().servers()).isEqualTo(10 * base.backend().store().servers());
    assertThat(ten.events()).containsExactly(new StoreEvent.Quota(0, 500, 9000, 100));
    StoreEvent.Herd herd = (StoreEvent.Herd) Scenarios.named("herd-60000").events().get(0);
    assertThat(Scenarios.named("herd-60000").scaled(10).events())
        .first()
        .isEqualTo(new StoreEvent.Herd(herd.atSeconds(), 10 * herd.users(), herd.withinSeconds()));
    assertThat(Scenarios.named("S3").scaled(10).events()).isEqualTo(Scenarios.named("S3").events());
  }

  @Test
  void aPath_isRead() throws Exception {
    Path file = folder.resolve("mine.yaml");
    Files.writeString(file, "like: S1\nname: mine\nnodes: 3\n");
    assertThat(Scenarios.find(file.toString()).scenario().orElseThrow().nodes()).isEqualTo(3);
  }

  @Test
  void allFaults_atOnce() {
    Scenarios.Found found =
        Scenarios.read(
            "mine",
            """
            like: S1
            name: mine
            nodes: 0
            store: { servers: many, noise: loud }
            clients: { honouring: 2, backof: 1s }
            events:
              - { at: soon, what: stall }
              - { at: 1s, what: explode }
              - { at: 1s, what: fail, class: nobody }
            weather: { faults: [ { at: 1s, what: crash, node: 9 } ] }
            promises: [ { measure: efficiency } ]
            """);
    assertThat(found.scenario()).isEmpty();
    assertThat(found.faults())
        .anyMatch(fault -> fault.startsWith("mine: nodes: got 0, allowed"))
        .anyMatch(fault -> fault.contains("store.servers: got \"many\", allowed"))
        .anyMatch(fault -> fault.contains("store.noise: got loud, allowed none, exponential"))
        .anyMatch(fault -> fault.contains("clients.honouring: got 2, allowed"))
        .anyMatch(fault -> fault.contains("clients.backof: no such key here, allowed"))
        .anyMatch(fault -> fault.contains("events[0].at: duration: got 'soon'"))
        .anyMatch(fault -> fault.contains("events[1].what: got \"explode\", allowed stall, death"))
        .anyMatch(fault -> fault.contains("events[2].class: got nobody, allowed config, auth"))
        .anyMatch(fault -> fault.contains("weather.faults[0].node: got 9, allowed"))
        .anyMatch(fault -> fault.contains("promises[0]: got no bar"));
  }

  @Test
  void circles_areFaults() {
    assertThat(Scenarios.read("mine", "like: nobody\nname: mine\n").faults())
        .singleElement()
        .asString()
        .contains("like: got nobody, allowed one of S1");
    assertThat(Scenarios.read("mine", "a: [").faults())
        .singleElement()
        .asString()
        .contains("is not YAML");
    assertThatThrownBy(() -> Scenarios.named("nobody"))
        .hasMessageContaining("got nobody, allowed the path of a file");
  }
}

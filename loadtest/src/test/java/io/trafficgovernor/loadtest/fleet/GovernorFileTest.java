package io.trafficgovernor.loadtest.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.config.ClassConfig;
import io.trafficgovernor.config.ConfigLoader;
import io.trafficgovernor.config.GovernorConfig;
import io.trafficgovernor.loadtest.incident.IncidentFile;
import io.trafficgovernor.loadtest.plan.Population;
import io.trafficgovernor.loadtest.plan.TrafficClass;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The files that the replay writes, read by the governor's own loader. */
final class GovernorFileTest {
  private static final Population POPULATION = IncidentFile.named("june-12").population();
  private static final List<GovernorFile.Node> NODES =
      List.of(
          new GovernorFile.Node("gw-1", 12_001, 12_002, 12_003),
          new GovernorFile.Node("gw-2", 12_004, 12_005, 12_006),
          new GovernorFile.Node("gw-3", 12_007, 12_008, 12_009));

  private static GovernorConfig config(int node) {
    String text =
        new GovernorFile(POPULATION, "june-12-full-9000", 9_000, NODES, Path.of("/tmp/a b"))
            .text(NODES.get(node));
    ConfigLoader.Result result = new ConfigLoader(Map.of(), 2).parse(text);
    assertThat(result).as(text).isInstanceOf(ConfigLoader.Loaded.class);
    return ((ConfigLoader.Loaded) result).config();
  }

  @Test
  void everyNodesFile_isWithoutFault() {
    for (int node = 0; node < NODES.size(); node++) {
      GovernorConfig config = config(node);
      assertThat(config.node().name()).isEqualTo("gw-" + (node + 1));
      assertThat(config.listen().port()).isEqualTo(NODES.get(node).listenPort());
      assertThat(config.listen().eventLoops()).isEqualTo(Governors.EVENT_LOOPS);
      assertThat(config.operator().port()).isEqualTo(NODES.get(node).operatorPort());
      assertThat(config.cluster().port()).isEqualTo(NODES.get(node).clusterPort());
    }
  }

  @Test
  void theCluster_isTheSameForAll() {
    for (int node = 0; node < NODES.size(); node++) {
      assertThat(config(node).cluster().name()).isEqualTo("june-12-full-9000");
      assertThat(config(node).cluster().members()).hasSize(3);
      assertThat(config(node).cluster().members().get(2).toString()).contains("12009");
    }
    assertThat(config(0).cluster().dataDir()).isNotEqualTo(config(1).cluster().dataDir());
  }

  @Test
  void theClasses_areThoseOfThePopulation() {
    List<ClassConfig> classes = config(0).classes();
    assertThat(classes)
        .extracting(ClassConfig::name)
        .startsWith(POPULATION.classes().stream().map(TrafficClass::name).toArray(String[]::new))
        .hasSize(POPULATION.classes().size() + 1)
        .endsWith("deliveries");
    for (int rank = 0; rank < POPULATION.classes().size(); rank++) {
      TrafficClass planned = POPULATION.classes().get(rank);
      assertThat(classes.get(rank).after()).containsExactlyInAnyOrderElementsOf(planned.after());
      assertThat(classes.get(rank).patience()).isEqualTo(planned.patience());
      assertThat(classes.get(rank).timeout()).isEqualTo(planned.timeout());
      assertThat(classes.get(rank).instead().onShed().name()).isEqualTo(planned.instead().name());
    }
  }

  @Test
  void requests_carryTheStampAndTheProbeHasItsPath() {
    GovernorConfig.Backend backend = config(0).backend();
    assertThat(backend.sentStamp()).isTrue();
    assertThat(backend.probe().path()).isEqualTo("/health");
    assertThat(backend.referencePerSecond()).isEqualTo(POPULATION.ratePerSecond());
    assertThat(backend.connectTimeout()).isEqualTo(Duration.ofMillis(250));
  }
}

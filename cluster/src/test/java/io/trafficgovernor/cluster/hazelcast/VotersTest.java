package io.trafficgovernor.cluster.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.properties.PropertyDefinition;
import com.hazelcast.kubernetes.HazelcastKubernetesDiscoveryStrategyFactory;
import com.hazelcast.logging.Logger;
import com.hazelcast.spi.discovery.DiscoveryNode;
import com.hazelcast.spi.discovery.DiscoveryStrategy;
import io.trafficgovernor.cluster.hazelcast.entry.ClusterSecret;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How the members find each other: exactly one way at a time. */
final class VotersTest {
  private static GridSettings settings(Voters voters) {
    return new GridSettings("test", "a", "127.0.0.1", 5701, voters, ClusterSecret.none(), false);
  }

  private static GridSettings named(String name) {
    return settings(new Voters.Named(name, 5701, 3, Duration.ofSeconds(4)));
  }

  private static JoinConfig join(GridSettings settings) {
    return GridConfig.of(settings).getAdvancedNetworkConfig().getJoin();
  }

  @Test
  void named_isLookedUpAndNothingElse() {
    JoinConfig join = join(named("governor.default.svc.cluster.local"));
    assertThat(join.getKubernetesConfig().isEnabled()).isTrue();
    assertThat(join.getKubernetesConfig().getProperties())
        .containsEntry("service-dns", "governor.default.svc.cluster.local")
        .containsEntry("service-port", "5701")
        .containsEntry("service-dns-timeout", "4");
    assertThat(join.getTcpIpConfig().isEnabled()).isFalse();
    assertThat(join.getMulticastConfig().isEnabled()).isFalse();
    assertThat(join.getAutoDetectionConfig().isEnabled()).isFalse();
  }

  @Test
  void listed_asksNoResolver() {
    JoinConfig join = join(settings(new Voters.Listed(List.of("127.0.0.1:5701"))));
    assertThat(join.getTcpIpConfig().isEnabled()).isTrue();
    assertThat(join.getTcpIpConfig().getMembers()).containsExactly("127.0.0.1:5701");
    assertThat(join.getKubernetesConfig().isEnabled()).isFalse();
  }

  /** Majority and copies come from what is configured, never from what a name resolves to. */
  @Test
  void named_countsTheConfiguredVoters() {
    Config config = GridConfig.of(named("localhost"));
    assertThat(config.getMapConfig(GridConfig.MAP).getBackupCount()).isEqualTo(1);
    assertThat(config.getSplitBrainProtectionConfig("majority").getMinimumClusterSize())
        .isEqualTo(2);
    assertThatCode(() -> GridChecks.requireSafe(config, named("localhost")))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> new Voters.Named("x", 5701, 4, Duration.ofSeconds(1)))
        .hasMessage("voters: got 4, allowed an odd number up to 13");
  }

  /** The resolver of Hazelcast takes our properties, and finds every address on the grid's port. */
  @Test
  void named_resolvesToTheGridsPort() {
    assertThat(resolved("localhost")).contains("127.0.0.1:5701");
    assertThat(resolved("no-such-name.invalid")).isEmpty();
  }

  /** As Hazelcast does it: each property is known to the resolver, and of its type. */
  private static List<String> resolved(String name) {
    HazelcastKubernetesDiscoveryStrategyFactory factory =
        new HazelcastKubernetesDiscoveryStrategyFactory();
    Map<String, String> texts = join(named(name)).getKubernetesConfig().getProperties();
    @SuppressWarnings("rawtypes") // Hazelcast's own signature
    Map<String, Comparable> properties = new HashMap<>();
    for (PropertyDefinition each : factory.getConfigurationProperties()) {
      String text = texts.get(each.key());
      if (text != null) {
        properties.put(each.key(), each.typeConverter().convert(text));
      }
    }
    assertThat(properties).hasSameSizeAs(texts);
    DiscoveryStrategy strategy =
        factory.newDiscoveryStrategy(null, Logger.getLogger(VotersTest.class), properties);
    List<String> found = new ArrayList<>();
    for (DiscoveryNode node : strategy.discoverNodes()) {
      found.add(node.getPrivateAddress().getHost() + ":" + node.getPrivateAddress().getPort());
    }
    strategy.destroy();
    return found;
  }
}

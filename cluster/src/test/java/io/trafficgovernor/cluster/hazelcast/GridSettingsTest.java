package io.trafficgovernor.cluster.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.config.Config;
import com.hazelcast.config.MapConfig;
import io.trafficgovernor.cluster.hazelcast.entry.ClusterSecret;
import io.trafficgovernor.cluster.hazelcast.entry.LedgerMergePolicy;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class GridSettingsTest {
  private static GridSettings of(int voters) {
    List<String> addresses =
        IntStream.range(0, voters).mapToObj(i -> "127.0.0.1:" + (5701 + i)).toList();
    return new GridSettings("test", "a", "127.0.0.1", 5701, addresses);
  }

  @Test
  void majorityAndBackups_ofOddClusters() {
    assertThat(of(1).voters().majority()).isEqualTo(1);
    assertThat(of(1).voters().backups()).isZero();
    assertThat(of(3).voters().majority()).isEqualTo(2);
    assertThat(of(3).voters().backups()).isEqualTo(1);
    assertThat(of(5).voters().majority()).isEqualTo(3);
    assertThat(of(5).voters().backups()).isEqualTo(2);
  }

  @Test
  void voters_mustBeOdd() {
    assertThatThrownBy(() -> of(2)).hasMessageContaining("voters: got 2, allowed an odd number");
    assertThatThrownBy(() -> of(0)).hasMessageContaining("voters: got 0");
    assertThatThrownBy(() -> of(15)).hasMessageContaining("up to 13");
  }

  /** Each of these carries a part of the safety argument; DESIGN.md says what was measured. */
  @Test
  void config_holdsWhatTheArgumentRestsOn() {
    Config config = GridConfig.of(of(3));
    MapConfig map = config.getMapConfig(GridConfig.MAP);
    assertThat(map.getBackupCount()).isEqualTo(1);
    assertThat(map.getAsyncBackupCount()).isZero();
    assertThat(map.getMergePolicyConfig().getPolicy()).isEqualTo(LedgerMergePolicy.class.getName());
    assertThat(config.getSplitBrainProtectionConfig("majority").getMinimumClusterSize())
        .isEqualTo(2);
    assertThat(config.getProperty("hazelcast.operation.fail.on.indeterminate.state"))
        .isEqualTo("true");
    assertThat(config.getProperty("hazelcast.io.thread.count")).isEqualTo("16");
    assertThat(config.getProperty("hazelcast.heartbeat.interval.seconds")).isEqualTo("1");
    assertThat(config.getProperty("hazelcast.wait.seconds.before.join")).isEqualTo("1");
    assertThat(config.getProperty("hazelcast.max.no.heartbeat.seconds")).isEqualTo("5");
    assertThat(config.getAdvancedNetworkConfig().isEnabled()).isTrue();
    assertThat(config.getAdvancedNetworkConfig().getJoin().getMulticastConfig().isEnabled())
        .isFalse();
    assertThat(
            config
                .getAdvancedNetworkConfig()
                .getJoin()
                .getTcpIpConfig()
                .getConnectionTimeoutSeconds())
        .as("longer than the wait before the join")
        .isEqualTo(3);
    assertThatCode(() -> GridChecks.requireSafe(config, of(3))).doesNotThrowAnyException();
  }

  @Test
  void hostName_isBoundByItsAddress() {
    GridSettings named =
        new GridSettings("test", "a", "localhost", 5701, List.of("localhost:5701"));
    assertThat(GridConfig.of(named).getAdvancedNetworkConfig().getEndpointConfigs().values())
        .hasSize(1)
        .allSatisfy(
            each ->
                assertThat(each.getInterfaces().getInterfaces())
                    .hasSize(1)
                    .doesNotContain("localhost"));
    GridSettings unknown =
        new GridSettings("test", "a", "no-such-host.invalid", 5701, List.of("localhost:5701"));
    assertThatThrownBy(() -> GridConfig.of(unknown))
        .hasMessage("cluster.host: got no-such-host.invalid, which has no address");
  }

  private static void refused(String property, String value, String words) {
    Config config = GridConfig.of(of(5));
    config.setProperty(property, value);
    assertThatThrownBy(() -> GridChecks.requireSafe(config, of(5)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(words);
  }

  @Test
  void requireSafe_refusesWhatWouldCreditMissingBackups() {
    refused(GridConfig.FAIL_ON_INDETERMINATE, "false", "got false, allowed true");
  }

  @Test
  void requireSafe_refusesABackupTimeoutWithinALease() {
    refused(GridConfig.BACKUP_TIMEOUT_MILLIS, "1000", "got 1000, allowed 4000 or more");
    refused(GridConfig.BACKUP_TIMEOUT_MILLIS, "soon", "got soon, allowed 4000 or more");
  }

  @Test
  void requireSafe_refusesTooFewThreadsForAFrozenPeer() {
    refused(GridConfig.IO_THREADS, "3", "hazelcast.io.thread.count: got 3, allowed 16 or more");
  }

  @Test
  void requireSafe_refusesFewerBackupsThanAMinorityCanTake() {
    Config config = GridConfig.of(of(5));
    config.getMapConfig(GridConfig.MAP).setBackupCount(1);
    assertThatThrownBy(() -> GridChecks.requireSafe(config, of(5)))
        .hasMessageContaining("backups: got 1, allowed 2 or more");
  }

  /** The port has no encryption: who opens it to a network must say so. */
  @Test
  void requireSafe_refusesToBeReachedFromOutsideUnlessItIsSaid() {
    List<String> voters = List.of("192.0.2.1:5701");
    GridSettings outside = new GridSettings("test", "a", "192.0.2.1", 5701, voters);
    assertThatThrownBy(() -> GridChecks.requireSafe(GridConfig.of(outside), outside))
        .hasMessageContaining("host: got 192.0.2.1, allowed a loopback address");
    GridSettings said =
        new GridSettings(
            "test",
            "a",
            "192.0.2.1",
            5701,
            new Voters.Listed(voters),
            ClusterSecret.of("sixteen letters."),
            true);
    assertThatCode(() -> GridChecks.requireSafe(GridConfig.of(said), said))
        .doesNotThrowAnyException();
  }

  @Test
  void secret_sealsAndIsNotShown() {
    ClusterSecret secret = ClusterSecret.of("sixteen letters.");
    byte[] order = {1, 2, 3};
    assertThat(secret.accepts(order, secret.seal(order))).isTrue();
    assertThat(secret.accepts(new byte[] {1, 2}, secret.seal(order))).isFalse();
    assertThat(secret.accepts(order, new byte[0])).isFalse();
    assertThat(ClusterSecret.of("seventeen letters").accepts(order, secret.seal(order))).isFalse();
    assertThat(ClusterSecret.none().accepts(order, new byte[0])).isTrue();
    assertThat(of(1).toString()).contains("no secret");
    assertThat(secret.toString()).doesNotContain("letters");
    assertThatThrownBy(() -> ClusterSecret.of("too short"))
        .hasMessage("cluster secret: got 9 characters, allowed 16 or more");
  }
}

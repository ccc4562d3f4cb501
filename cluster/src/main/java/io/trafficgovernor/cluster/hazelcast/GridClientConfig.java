package io.trafficgovernor.cluster.hazelcast;

import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.client.config.ClientConnectionStrategyConfig;
import com.hazelcast.client.config.ClientConnectionStrategyConfig.ReconnectMode;
import java.util.List;

/**
 * How a node that is no voter reaches the grid. A client judges missing backups by its own
 * settings, so the one that carries the safety argument is set here once more.
 */
final class GridClientConfig {
  static final String FAIL_ON_INDETERMINATE =
      "hazelcast.client.operation.fail.on.indeterminate.state";
  static final String BACKUP_TIMEOUT_MILLIS = "hazelcast.client.operation.backup.timeout.millis";

  private GridClientConfig() {}

  /**
   * A client that never blocks its caller: it connects and reconnects by itself.
   *
   * @param endpoints {@code host:client-port} of the voters
   */
  static ClientConfig of(String clusterName, String node, List<String> endpoints) {
    ClientConfig config = new ClientConfig();
    config.setClusterName(clusterName);
    config.setInstanceName(clusterName + "/" + node);
    config.setProperty("hazelcast.logging.type", "slf4j");
    config.setProperty("hazelcast.client.statistics.enabled", "false");
    config.setProperty(FAIL_ON_INDETERMINATE, "true");
    config.setProperty(BACKUP_TIMEOUT_MILLIS, "4000");
    config.setProperty("hazelcast.client.invocation.timeout.seconds", "4");
    config.setProperty("hazelcast.client.invocation.retry.pause.millis", "100");
    config.setProperty("hazelcast.client.heartbeat.interval", "1000");
    config.setProperty("hazelcast.client.heartbeat.timeout", "5000");
    config.getNetworkConfig().setAddresses(endpoints).setConnectionTimeout(1_000);
    GridConfig.serialization(config.getSerializationConfig());
    ClientConnectionStrategyConfig connecting = config.getConnectionStrategyConfig();
    connecting.setAsyncStart(true).setReconnectMode(ReconnectMode.ASYNC);
    connecting
        .getConnectionRetryConfig()
        .setInitialBackoffMillis(100)
        .setMaxBackoffMillis(1_000)
        .setClusterConnectTimeoutMillis(-1);
    return config;
  }
}

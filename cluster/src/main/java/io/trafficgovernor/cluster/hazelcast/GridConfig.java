package io.trafficgovernor.cluster.hazelcast;

import com.hazelcast.config.AdvancedNetworkConfig;
import com.hazelcast.config.Config;
import com.hazelcast.config.EvictionConfig;
import com.hazelcast.config.EvictionPolicy;
import com.hazelcast.config.InMemoryFormat;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MaxSizePolicy;
import com.hazelcast.config.MergePolicyConfig;
import com.hazelcast.config.SerializationConfig;
import com.hazelcast.config.ServerSocketEndpointConfig;
import com.hazelcast.config.SplitBrainProtectionConfig;
import com.hazelcast.spi.merge.DiscardMergePolicy;
import com.hazelcast.splitbrainprotection.SplitBrainProtectionOn;
import io.github.bucket4j.grid.hazelcast.HazelcastProxyManager;
import io.trafficgovernor.cluster.hazelcast.entry.LedgerMergePolicy;
import io.trafficgovernor.cluster.hazelcast.entry.WireFactory;
import io.trafficgovernor.cluster.wire.RecordCodec;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * The Hazelcast configuration that the safety argument rests on. What each setting is for, and what
 * was measured without it, is in the module's DESIGN.md, "The grid on Hazelcast".
 */
final class GridConfig {
  static final String MAP = "governor";
  private static final String PROTECTION = "majority";

  /** Without this, Hazelcast credits backups that never answered when any member leaves. */
  static final String FAIL_ON_INDETERMINATE = "hazelcast.operation.fail.on.indeterminate.state";

  static final String BACKUP_TIMEOUT_MILLIS = "hazelcast.operation.backup.timeout.millis";
  static final String IO_THREADS = "hazelcast.io.thread.count";
  private static final int LEAST_IO_THREADS = 16;

  /**
   * Few: after a loss every partition's copies are made again, and the ledger's wait their turn.
   * The same on all members, for as long as the grid lives.
   */
  private static final int PARTITIONS = 31;

  /**
   * So long Hazelcast asks for a master before one of those that found none may claim to be it; a
   * claim counts only if all that can be reached agree. One round of asking is as long, too: it
   * must hold the master's wait before the join, the second request and a slow answer, or the
   * master it found is forgotten.
   */
  private static final int ASK_FOR_MASTER_SECONDS = 3;

  private static final int MOST_BUCKETS = 200_000;

  private GridConfig() {}

  static Config of(GridSettings settings) {
    Config config = new Config();
    config.setClusterName(settings.clusterName());
    config.setInstanceName(settings.clusterName() + "/" + settings.node());
    properties(config, settings);
    network(config, settings);
    map(config, settings);
    tables(config, settings);
    proof(config, settings);
    serialization(config.getSerializationConfig());
    config.getJetConfig().setEnabled(false);
    return config;
  }

  private static void properties(Config config, GridSettings settings) {
    config.setProperty("hazelcast.logging.type", "slf4j");
    config.setProperty("hazelcast.phone.home.enabled", "false");
    config.setProperty("hazelcast.shutdownhook.enabled", "false");
    config.setProperty("hazelcast.health.monitoring.level", "OFF");
    config.setProperty("hazelcast.socket.bind.any", "false");
    config.setProperty("hazelcast.socket.client.bind.any", "false");
    config.setProperty("hazelcast.heartbeat.interval.seconds", "1");
    config.setProperty("hazelcast.max.no.heartbeat.seconds", "5");
    config.setProperty("hazelcast.merge.first.run.delay.seconds", "5");
    config.setProperty("hazelcast.merge.next.run.delay.seconds", "5");
    // from the first that asks to join to the joining of all who have asked by then
    config.setProperty("hazelcast.wait.seconds.before.join", "1");
    config.setProperty("hazelcast.operation.call.timeout.millis", "5000");
    config.setProperty("hazelcast.partition.count", String.valueOf(PARTITIONS));
    config.setProperty(BACKUP_TIMEOUT_MILLIS, "5000");
    config.setProperty(FAIL_ON_INDETERMINATE, "true");
    config.setProperty(IO_THREADS, String.valueOf(ioThreads(settings)));
    config.setProperty("hazelcast.event.thread.count", "1");
    config.setProperty("hazelcast.graceful.shutdown.max.wait", "20");
  }

  /** Each member shows its proof; see {@link Strangers}. */
  private static void proof(Config config, GridSettings settings) {
    config
        .getMemberAttributeConfig()
        .setAttribute(Strangers.NODE, settings.node())
        .setAttribute(
            Strangers.PROOF, settings.secret().proof(settings.clusterName(), settings.node()));
  }

  /** Threads that read or write sockets: a frozen peer can keep some of them busy for ever. */
  static int ioThreads(GridSettings settings) {
    return Math.max(LEAST_IO_THREADS, 4 * (settings.voters().count() - 1));
  }

  /** A member endpoint, and one for clients if it is asked for; all else is cut off. */
  private static void network(Config config, GridSettings settings) {
    ServerSocketEndpointConfig endpoint = new ServerSocketEndpointConfig();
    endpoint.setName("member");
    endpoint.setPort(settings.port());
    endpoint.setPortAutoIncrement(false);
    endpoint.setReuseAddress(true);
    endpoint.getInterfaces().setEnabled(true).addInterface(address(settings.host()));
    AdvancedNetworkConfig network = config.getAdvancedNetworkConfig();
    network.setEnabled(true);
    network.setMemberEndpointConfig(endpoint);
    if (settings.clientPort() > 0) {
      ServerSocketEndpointConfig clients = new ServerSocketEndpointConfig();
      clients.setName("client");
      clients.setPort(settings.clientPort());
      clients.setPortAutoIncrement(false);
      clients.setReuseAddress(true);
      clients.getInterfaces().setEnabled(true).addInterface(address(settings.host()));
      network.setClientEndpointConfig(clients);
    }
    join(network.getJoin(), settings.voters());
  }

  /** Exactly one way to find the others; a stray process must not join. */
  private static void join(JoinConfig join, Voters voters) {
    join.getAutoDetectionConfig().setEnabled(false);
    join.getMulticastConfig().setEnabled(false);
    // read by both ways of joining
    join.getTcpIpConfig().setConnectionTimeoutSeconds(ASK_FOR_MASTER_SECONDS);
    if (voters instanceof Voters.Listed listed) {
      join.getTcpIpConfig().setEnabled(true).setMembers(listed.addresses());
    } else if (voters instanceof Voters.Named named) {
      // With a name to look up, Hazelcast asks the resolver only: no token, no Kubernetes API.
      join.getKubernetesConfig()
          .setEnabled(true)
          .setProperty("service-dns", named.name())
          .setProperty("service-port", String.valueOf(named.port()))
          .setProperty("service-dns-timeout", String.valueOf(named.lookup().toSeconds()));
    }
  }

  /** Hazelcast binds to numbers only; the name of a pod or a machine is looked up here, once. */
  private static String address(String host) {
    try {
      return InetAddress.getByName(host).getHostAddress();
    } catch (UnknownHostException e) {
      throw new IllegalStateException("cluster.host: got " + host + ", which has no address", e);
    }
  }

  private static void map(Config config, GridSettings settings) {
    config.addSplitBrainProtectionConfig(
        new SplitBrainProtectionConfig(PROTECTION, true, settings.voters().majority())
            .setProtectOn(SplitBrainProtectionOn.READ_WRITE));
    config.addMapConfig(
        new MapConfig(MAP)
            .setInMemoryFormat(InMemoryFormat.OBJECT)
            .setBackupCount(settings.voters().backups())
            .setAsyncBackupCount(0)
            .setSplitBrainProtectionName(PROTECTION)
            .setMergePolicyConfig(
                new MergePolicyConfig().setPolicy(LedgerMergePolicy.class.getName())));
  }

  /** What else the nodes share: copied like the ledger, and only with a majority in view. */
  private static void tables(Config config, GridSettings settings) {
    config.addMapConfig(
        new MapConfig(MAP + ".*")
            .setBackupCount(settings.voters().backups())
            .setAsyncBackupCount(0)
            .setSplitBrainProtectionName(PROTECTION));
    // a bucket that is lost begins empty, so one copy and a bound are enough
    config.addMapConfig(
        new MapConfig(HazelcastQuotas.MAP)
            .setBackupCount(Math.min(1, settings.voters().backups()))
            .setAsyncBackupCount(0)
            .setSplitBrainProtectionName(PROTECTION)
            .setMergePolicyConfig(
                new MergePolicyConfig().setPolicy(DiscardMergePolicy.class.getName()))
            .setEvictionConfig(
                new EvictionConfig()
                    .setEvictionPolicy(EvictionPolicy.LRU)
                    .setMaxSizePolicy(MaxSizePolicy.PER_NODE)
                    .setSize(MOST_BUCKETS)));
  }

  /**
   * Only our own types travel. Java serialisation carries exceptions and nothing else: what they
   * are made of is listed, arrays by their exact type.
   */
  static JavaSerializationFilterConfig allowed() {
    JavaSerializationFilterConfig filter = new JavaSerializationFilterConfig();
    filter.setDefaultsDisabled(true);
    filter
        .getWhitelist()
        .addPrefixes("java.lang.", "java.util.", "com.hazelcast.")
        .addClasses(
            "java.io.IOException",
            "java.io.EOFException",
            "java.io.UTFDataFormatException",
            "[Ljava.lang.StackTraceElement;",
            "[Ljava.lang.Throwable;",
            "[Ljava.lang.Object;",
            RecordCodec.Unreadable.class.getName());
    return filter;
  }

  /** The same on members and clients. */
  static void serialization(SerializationConfig config) {
    config.setJavaSerializationFilterConfig(allowed());
    config.addDataSerializableFactory(WireFactory.ID, new WireFactory());
    HazelcastProxyManager.addCustomSerializers(config, HazelcastQuotas.SERIALIZERS);
  }
}

package io.trafficgovernor.cluster.hazelcast;

import static java.util.Objects.requireNonNull;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.cluster.Member;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import io.trafficgovernor.admission.Ticker;
import io.trafficgovernor.admission.WallClock;
import io.trafficgovernor.admission.lease.GrantReply;
import io.trafficgovernor.admission.lease.Renewal;
import io.trafficgovernor.admission.ledger.CommandReply;
import io.trafficgovernor.admission.ledger.Ledger;
import io.trafficgovernor.admission.ledger.LedgerState;
import io.trafficgovernor.admission.recovery.Command;
import io.trafficgovernor.cluster.GridTable;
import io.trafficgovernor.cluster.LedgerGrid;
import io.trafficgovernor.cluster.hazelcast.entry.ClusterSecret;
import io.trafficgovernor.cluster.hazelcast.entry.CommandProcessor;
import io.trafficgovernor.cluster.hazelcast.entry.LedgerEntry;
import io.trafficgovernor.cluster.hazelcast.entry.LedgerHost;
import io.trafficgovernor.cluster.hazelcast.entry.LedgerProcessor;
import io.trafficgovernor.cluster.hazelcast.entry.Quorum;
import io.trafficgovernor.cluster.hazelcast.entry.RenewProcessor;
import io.trafficgovernor.cluster.hazelcast.entry.SeedProcessor;
import io.trafficgovernor.cluster.quota.QuotaGrid;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The grid on an embedded Hazelcast member, or on a client of one. Renewals have a way of their
 * own, so that whoever looks at the status cannot hold them up; they are given up after {@value
 * #ANSWER_MILLIS} ms.
 */
public final class HazelcastLedgerGrid implements LedgerGrid, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HazelcastLedgerGrid.class);
  private static final long ANSWER_MILLIS = 400;
  private static final long COMMAND_MILLIS = 2_000;

  /** Calls of each kind that may be under way. */
  private static final int MAX_CALLS = 64;

  private static final int MAX_TABLE_CALLS = 1024;
  private static final int MAX_QUOTA_CALLS = 128;

  /** Reads of whole tables under way: they wait for each other, and keep no write waiting. */
  private static final int MAX_TABLE_READS = 16;

  private final String backend;
  private final HazelcastInstance instance;
  private final ClusterSecret secret;
  private final Lanes lanes;

  /** The ways to the grid; none waits for what another one does. */
  private record Lanes(
      GridCalls renewals,
      GridCalls operator,
      GridCalls tables,
      GridCalls tableReads,
      GridCalls quotas) {
    static Lanes begin() {
      return new Lanes(
          new GridCalls("governor-renewals", MAX_CALLS),
          new GridCalls("governor-operator", MAX_CALLS),
          new GridCalls("governor-tables", MAX_TABLE_CALLS),
          new GridCalls("governor-table-reads", MAX_TABLE_READS),
          new GridCalls("governor-quotas", MAX_QUOTA_CALLS));
    }

    void close() {
      renewals.close();
      operator.close();
      tables.close();
      tableReads.close();
      quotas.close();
    }
  }

  private HazelcastLedgerGrid(
      String backend, HazelcastInstance instance, ClusterSecret secret, Lanes lanes) {
    this.backend = requireNonNull(backend, "backend");
    this.instance = instance;
    this.secret = secret;
    this.lanes = lanes;
  }

  /**
   * Starts a member and joins the others. Blocks for some seconds.
   *
   * @param backend name of the entry
   * @throws IllegalStateException if the settings cannot be safe, or the port is taken
   */
  public static HazelcastLedgerGrid join(
      String backend, Ledger ledger, GridSettings settings, Ticker ticker) {
    return join(backend, ledger, Map.of(), settings, ticker);
  }

  /**
   * The same, with further entries.
   *
   * @param others laws of the entries that {@link #ofBackend} shows, by their names
   */
  public static HazelcastLedgerGrid join(
      String backend,
      Ledger ledger,
      Map<String, Ledger> others,
      GridSettings settings,
      Ticker ticker) {
    Config config = GridConfig.of(settings);
    Quorum quorum = new Quorum(settings.voters().count(), settings.voters().backups());
    config
        .getUserContext()
        .put(LedgerHost.KEY, new LedgerHost(ledger, others, ticker, quorum, settings.secret()));
    GridChecks.requireSafe(config, settings);
    HazelcastInstance instance = started(config);
    Strangers strangers = new Strangers(settings);
    instance.getCluster().addMembershipListener(new MembershipLog(settings, strangers, quorum));
    quorum.saw(instance.getCluster().getMembers().size());
    instance.getCluster().getMembers().forEach(strangers::checked);
    return new HazelcastLedgerGrid(backend, instance, settings.secret(), Lanes.begin());
  }

  /** Hazelcast keeps the reason to its log: whoever reads the message is told where to look. */
  private static HazelcastInstance started(Config config) {
    try {
      return Hazelcast.newHazelcastInstance(config);
    } catch (IllegalStateException e) {
      throw new IllegalStateException(
          e.getMessage()
              + " Hazelcast's log above says why: members refuse one of another partition count"
              + " or minor version, for instance",
          e);
    }
  }

  /**
   * Connects as a client of the voters: it takes leases like everybody else, keeps no copy and has
   * no vote, and its loss costs nothing. Returns at once; until it is connected calls fail.
   *
   * @param endpoints {@code host:client-port} of the voters
   */
  public static HazelcastLedgerGrid attach(
      String backend,
      String clusterName,
      String node,
      List<String> endpoints,
      ClusterSecret secret) {
    HazelcastInstance client =
        HazelcastClient.newHazelcastClient(GridClientConfig.of(clusterName, node, endpoints));
    return new HazelcastLedgerGrid(
        backend, client, requireNonNull(secret, "secret"), Lanes.begin());
  }

  @Override
  public CompletionStage<GrantReply> renew(Renewal renewal) {
    return submitted(lanes.renewals(), new RenewProcessor(renewal), ANSWER_MILLIS)
        .thenApply(RenewProcessor::answer);
  }

  @Override
  public CompletionStage<CommandReply> command(Command command) {
    return submitted(lanes.operator(), new CommandProcessor(command), COMMAND_MILLIS)
        .thenApply(CommandProcessor::answer);
  }

  @Override
  public CompletionStage<Optional<LedgerState>> view() {
    return lanes
        .operator()
        .call(() -> map().getAsync(backend), COMMAND_MILLIS)
        .thenApply(entry -> Optional.ofNullable(entry).map(LedgerEntry::state));
  }

  /**
   * Offers what this node remembers of the ledger. It is taken where there is none yet, or a young
   * one that knows less; see {@link Ledger#resumed}.
   *
   * @return whether it was taken; fails while there is no majority
   */
  public CompletionStage<Boolean> seed(LedgerState remembered) {
    return submitted(lanes.operator(), new SeedProcessor(remembered), COMMAND_MILLIS)
        .thenApply(SeedProcessor::answer);
  }

  /** Of a client that is not connected this fails; it must not be asked for before. */
  private IMap<String, LedgerEntry> map() {
    return instance.getMap(GridConfig.MAP);
  }

  private CompletableFuture<byte[]> submitted(
      GridCalls calls, LedgerProcessor processor, long timeoutMillis) {
    return calls.call(() -> map().submitToKey(backend, processor.sealed(secret)), timeoutMillis);
  }

  /** The same member's view of another entry: closed with this one, never by itself. */
  public HazelcastLedgerGrid ofBackend(String other) {
    return new HazelcastLedgerGrid(other, instance, secret, lanes);
  }

  /**
   * A table that all nodes share, of at most so many entries.
   *
   * @param name of the table
   * @param majority members that must be in view
   */
  public GridTable table(String name, long most, int majority, Ticker ticker) {
    return new HazelcastTable(
        () -> instance.getMap(GridConfig.MAP + "." + name),
        new HazelcastTable.Calls(lanes.tables(), lanes.tableReads()),
        () -> members() >= majority,
        ticker,
        most);
  }

  /**
   * Tenants' buckets.
   *
   * @param wall the machine's clock, by which a client goes: it does not know the cluster's time
   */
  public QuotaGrid quotas(WallClock wall) {
    LongSupplier millis =
        instance.getLocalEndpoint() instanceof Member
            ? () -> instance.getCluster().getClusterTime()
            : wall::millis;
    return new HazelcastQuotas(() -> instance.getMap(HazelcastQuotas.MAP), lanes.quotas(), millis);
  }

  /**
   * Whether this member owns the entry now: its clock and its processor are the ones that count.
   */
  public boolean ownsEntry() {
    if (!instance.getLifecycleService().isRunning()) {
      return false;
    }
    Member owner = instance.getPartitionService().getPartition(backend).getOwner();
    return owner != null && owner.localMember();
  }

  /** Members of the grid that this one sees, itself included. */
  public int members() {
    return instance.getLifecycleService().isRunning()
        ? instance.getCluster().getMembers().size()
        : 0;
  }

  /**
   * Orders without the cluster's secret that came to this member; 0 on a client, which owns
   * nothing.
   */
  public long refusedOrders() {
    if (!instance.getLifecycleService().isRunning()) {
      return 0;
    }
    return instance.getUserContext().get(LedgerHost.KEY) instanceof LedgerHost host
        ? host.refusedOrders()
        : 0;
  }

  /** Leaves the grid in good order: the others take over at once. Blocks for some seconds. */
  @Override
  public void close() {
    lanes.close();
    instance.shutdown();
  }

  /** One line for each member that comes or goes. */
  private record MembershipLog(GridSettings settings, Strangers strangers, Quorum quorum)
      implements MembershipListener {
    @Override
    public void memberAdded(MembershipEvent event) {
      quorum.saw(event.getMembers().size());
      log("joined", event);
      strangers.checked(event.getMember());
    }

    @Override
    public void memberRemoved(MembershipEvent event) {
      log("left", event);
    }

    private void log(String what, MembershipEvent event) {
      LOG.info(
          "grid member {} {}: {} of {} members in view, majority is {}",
          event.getMember().getAddress(),
          what,
          event.getMembers().size(),
          settings.voters().count(),
          settings.voters().majority());
    }
  }
}

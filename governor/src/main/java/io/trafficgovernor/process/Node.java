package io.trafficgovernor.process;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.ClassTable;
import io.trafficgovernor.admission.request.AdmissionController;
import io.trafficgovernor.admission.request.NodeSnapshot;
import io.trafficgovernor.audit.AuditTrail;
import io.trafficgovernor.cluster.LeaseHolder;
import io.trafficgovernor.cluster.hazelcast.HazelcastLedgerGrid;
import io.trafficgovernor.cluster.memory.StateFile;
import io.trafficgovernor.cluster.memory.StateKeeper;
import io.trafficgovernor.cluster.memory.Tenure;
import io.trafficgovernor.config.ClassConfig;
import io.trafficgovernor.config.GovernorConfig;
import io.trafficgovernor.gateway.GatewayVerticle;
import io.trafficgovernor.gateway.replay.JournalReplay;
import io.trafficgovernor.observe.EventLog;
import io.trafficgovernor.observe.Meters;
import io.trafficgovernor.observe.StateLog;
import io.trafficgovernor.observe.SurgeWitness;
import io.trafficgovernor.observe.WitnessLog;
import io.trafficgovernor.operator.OperatorVerticle;
import io.trafficgovernor.probe.Prober;
import io.trafficgovernor.runtime.SystemTicker;
import io.trafficgovernor.runtime.ThreadScheduler;
import io.trafficgovernor.tls.Keyring;
import java.io.Closeable;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One governor, put together by hand.
 *
 * <p>It starts from the outside in, so that what can fail fails before anything is shared: audit
 * trail, operator's port, clients' port, grid, lease. Until the grid is joined the operator's API
 * answers "starting" and clients are refused as in isolation. It ends in the reverse order: not
 * ready any more, but serving, until balancers have seen it; then no new requests; then the grid,
 * so that the others take over at once; the operator's port last.
 *
 * <p>Blocking; {@link #start} and {@link #close} may be called from different threads.
 */
public final class Node implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Node.class);
  private static final long WATCH_NANOS = 100_000_000L;
  private static final long ORDERS_NANOS = 500_000_000L;
  private static final Duration AFTER_DRAIN = Duration.ofSeconds(2);

  private final GovernorConfig config;
  private final SystemTicker ticker;
  private final AdmissionController admission;
  private final ReadySign sign;
  private final EventLog events;
  private final StateLog log;
  private final Meters meters;
  private final Reserves reserves;
  private final TenantLimits tenants;
  private final Redundancy redundancy;
  private final LateGrid grid = new LateGrid();
  private final ThreadScheduler waiting;
  private final ThreadScheduler leasing;
  private final ThreadScheduler remembering;
  private final Loops loops;
  private final List<GatewayVerticle> doors = new CopyOnWriteArrayList<>();
  private final CountDownLatch ended = new CountDownLatch(1);

  private Keyring keyring = Keyring.none();
  private @Nullable Tenure tenure;
  private @Nullable AuditTrail audit;
  private @Nullable WitnessLog witnessLog;
  private @Nullable OperatorVerticle operator;
  private volatile @Nullable String doorsOpen;
  private volatile @Nullable HazelcastLedgerGrid joined;
  private volatile @Nullable LeaseHolder holder;
  private boolean closed;

  private Node(GovernorConfig config, SystemTicker ticker, EventLog events, Reserves reserves) {
    this.config = requireNonNull(config, "config");
    this.ticker = requireNonNull(ticker, "ticker");
    ClassTable classes = config.classTable();
    this.waiting = new ThreadScheduler("governor-waiting", ticker);
    this.leasing = new ThreadScheduler("governor-lease", ticker);
    this.remembering = new ThreadScheduler("governor-memory", ticker);
    this.admission =
        new AdmissionController(
            classes, waiting, config.ramp().shadow(), config.retries().uninvited());
    this.sign = new ReadySign(ticker, () -> exclusion().isPresent());
    this.events = events;
    this.log = new StateLog(config.node().name(), config.backend().name(), ticker, events);
    SurgeWitness witness = new SurgeWitness(config.listen().eventLoops(), config.largestCost());
    this.meters = new Meters(classes, admission, ticker, this::members, witness);
    this.reserves = reserves;
    reserves.answers().journal().ifPresent(meters::ofJournal);
    reserves.memories().register(meters);
    this.tenants = new TenantLimits(config, ticker);
    tenants.quotas().ifPresent(meters::ofTenants);
    this.redundancy = new Redundancy(config, ticker, waiting, admission, events);
    redundancy.register(meters);
    this.loops = new Loops(config.listen());
  }

  /**
   * Starts a node; when this returns it listens, has joined the grid and asks for leases.
   *
   * @throws StartFailedException if something outside is in the way; then nothing is left behind
   */
  public static Node start(GovernorConfig config, SystemTicker ticker) throws StartFailedException {
    EventLog events = new EventLog(ticker);
    Node node = new Node(config, ticker, events, new Reserves(config, ticker, events));
    try {
      node.start();
      return node;
    } catch (StartFailedException | RuntimeException e) {
      node.abandon();
      throw e;
    }
  }

  private synchronized void start() throws StartFailedException {
    Grids grids = new Grids(config, ticker);
    grids.requireFreePorts();
    keyring = Keys.of(config);
    tenure = tenure();
    audit = trail();
    witnessLog = config.cluster().witnessLog() ? witnessLog() : null;
    operator = new OperatorVerticle(config, operatorParts(audit), keyring.operator());
    OperatorVerticle door = operator;
    loops.open(config.operator(), () -> door);
    doorsOpen = loops.open(config.listen(), this::door);
    Optional<JournalReplay> replay = reserves.replay(admission, keyring, redundancy.connects());
    if (replay.isPresent()) {
      loops.add(replay.get());
    }
    LOG.info(
        "node {}: clients on {}:{}, operators on {}://{}:{}, {}",
        config.node().name(),
        config.listen().host(),
        listenPort(),
        config.operator().tls().isPresent() ? "https" : "http",
        config.operator().host(),
        operatorPort(),
        grids.words());
    HazelcastLedgerGrid member = grids.come();
    joined = member;
    grid.joined(member);
    sign.joined();
    meters.grid(new Grids.OwnGrid(member));
    reserves.joined(member);
    tenants.joined(member.quotas(() -> ticker.wallTime().toEpochMilli()));
    renew(member);
  }

  private OperatorVerticle.Parts operatorParts(AuditTrail trail) {
    trail.onEntry(entry -> events.add(EventLog.Kind.AUDIT, entry));
    return new OperatorVerticle.Parts(
        admission,
        redundancy.steered(grid),
        trail,
        events,
        ticker,
        meters,
        sign,
        this::exclusion,
        log::trouble,
        this::listenPort,
        new OperatorVerticle.Ordering(
            reserves.answers().orders(), reserves, () -> ticker.wallTime().toEpochMilli()),
        reserves::shown,
        tenants::shown,
        redundancy::shown,
        reserves.memories()::shown);
  }

  private GatewayVerticle door() {
    GatewayVerticle door =
        new GatewayVerticle(
            config,
            new GatewayVerticle.Parts(
                admission,
                ticker,
                () -> ticker.wallTime().toEpochMilli(),
                meters,
                keyring,
                reserves.answers(),
                tenants.door(),
                redundancy.diversion(),
                redundancy.connects()));
    doors.add(door);
    return door;
  }

  private Tenure tenure() throws StartFailedException {
    try {
      return Tenure.begin(config.cluster().dataDir(), new SecureRandom());
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private AuditTrail trail() throws StartFailedException {
    try {
      return AuditTrail.open(config.cluster().dataDir(), ticker);
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private WitnessLog witnessLog() throws StartFailedException {
    try {
      return WitnessLog.open(config.cluster().dataDir());
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private StartFailedException unwritable(IOException cause) {
    return new StartFailedException(
        "cluster.data-dir: got "
            + config.cluster().dataDir()
            + ", allowed a directory that this process can write to: "
            + cause,
        cause);
  }

  /** Asks for leases once the grid has heard what this node remembers; keeps remembering. */
  private void renew(HazelcastLedgerGrid member) {
    Tenure held = requireNonNull(tenure, "not started");
    long incarnation = held.incarnation();
    Duration longest =
        config.classes().stream().map(ClassConfig::timeout).max(Duration::compareTo).orElseThrow();
    LeaseHolder lease =
        new LeaseHolder(
            new LeaseHolder.Identity(
                config.node().name(),
                incarnation,
                held.predecessor(),
                Grids.settingsOf(config).print()),
            admission,
            grid,
            leasing,
            new Prober(loops.control(), config.backend(), keyring.backend(), longest),
            () -> ticker.wallTime().toEpochMilli(),
            new Heard(log, sign));
    holder = lease;
    Runnable asking = () -> lease.start(Math.floorMod(incarnation, WATCH_NANOS));
    if (config.cluster().client()) {
      // The voters remember the ledger. A client that came back with an old memory could only err.
      asking.run();
    } else {
      StateFile file = new StateFile(config.cluster().dataDir(), config.backend().name());
      Consumer<String> waiting = why -> leasing.after(0, now -> log.waiting(why));
      new StateKeeper(member, member::seed, file, remembering).start(file.read(), asking, waiting);
    }
    redundancy.renew(
        member, new Redundancy.Means(loops.control(), keyring, held, leasing, remembering));
    leasing.after(WATCH_NANOS, this::watch);
    keyring.watch(remembering);
    readOrders(0);
    if (witnessLog != null) {
      remembering.after(WATCH_NANOS, this::write);
    }
  }

  /** Beside the memory's thread, not the lease's: a disk may be slow. */
  private void write(long nowNanos) {
    requireNonNull(witnessLog, "witness log").add(nowNanos, admission.snapshot(nowNanos));
    remembering.after(WATCH_NANOS, this::write);
  }

  private void readOrders(long nowNanos) {
    reserves.read();
    remembering.after(ORDERS_NANOS, this::readOrders);
  }

  private void watch(long nowNanos) {
    NodeSnapshot snapshot = admission.snapshot(nowNanos);
    log.watch(snapshot);
    redundancy.watch(snapshot, nowNanos);
    if (!config.ramp().shadow()) {
      meters.witness().look(snapshot);
    }
    leasing.after(WATCH_NANOS, this::watch);
  }

  private Optional<String> exclusion() {
    LeaseHolder lease = holder;
    return lease == null ? Optional.empty() : lease.exclusion();
  }

  private int members() {
    HazelcastLedgerGrid member = joined;
    return member == null ? 0 : member.members();
  }

  /** The port clients come in by; 0 while there is none. */
  public int listenPort() {
    return doorsOpen == null ? 0 : doors.get(0).port();
  }

  /** The port operators come in by. */
  public int operatorPort() {
    return requireNonNull(operator, "not started").port();
  }

  /** Waits until the node has been closed. */
  public void awaitEnd() throws InterruptedException {
    ended.await();
  }

  /** Ends it in order. Takes as long as the configured drain, and some seconds. */
  @Override
  public void close() {
    sign.drain();
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      LOG.info("node {}: not ready any more, ending", config.node().name());
      doors.forEach(GatewayVerticle::leave);
      pause(config.listen().drainGrace());
      admission.drain(ticker.nanos());
      if (doorsOpen != null) {
        loops.shut(doorsOpen, config.listen().drainTimeout().plus(AFTER_DRAIN));
      }
      release();
      LOG.info("node {}: ended", config.node().name());
    }
    ended.countDown();
  }

  /** Lets go of everything at once: it never served. */
  private synchronized void abandon() {
    closed = true;
    release();
    ended.countDown();
  }

  private void release() {
    LeaseHolder lease = holder;
    if (lease != null) {
      lease.stop();
    }
    redundancy.stop();
    leasing.close();
    remembering.close();
    HazelcastLedgerGrid member = joined;
    if (member != null) {
      member.close();
    }
    loops.close();
    tenants.close();
    reserves.close();
    waiting.close();
    closed("audit trail", audit);
    closed("witness log", witnessLog);
    closed("data directory", tenure);
  }

  private static void closed(String what, @Nullable Closeable file) {
    try {
      if (file != null) {
        file.close();
      }
    } catch (IOException e) {
      LOG.warn("the {} was not closed: {}", what, e.toString());
    }
  }

  private static void pause(Duration time) {
    try {
      boolean unused = new CountDownLatch(1).await(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

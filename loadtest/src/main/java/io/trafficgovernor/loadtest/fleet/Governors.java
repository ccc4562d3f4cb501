package io.trafficgovernor.loadtest.fleet;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.ctl.OperatorClient;
import io.trafficgovernor.loadtest.live.Fetch;
import io.trafficgovernor.loadtest.live.Scrape;
import io.trafficgovernor.loadtest.live.StatusPoller;
import io.trafficgovernor.loadtest.plan.Population;
import io.trafficgovernor.loadtest.process.Children.Child;
import io.trafficgovernor.loadtest.process.JavaCommand;
import io.trafficgovernor.loadtest.record.NodeSample;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** The governor processes of one run: a cluster over loopback before one store. */
public final class Governors {
  /** Threads of each governor that serve clients. */
  public static final int EVENT_LOOPS = GovernorFile.EVENT_LOOPS;

  private static final Duration ASK_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration READY_BOUND = Duration.ofSeconds(60);
  private static final long ASK_PERIOD_NANOS = 250_000_000L;
  private static final String SENT_METER = "governor_backend_requests_total";
  private static final String ENDED_METER = "governor_requests_total";
  private static final String RESENT_METER = "governor_resends_total";
  private static final String IN_FLIGHT_METER = "governor_in_flight";
  private static final String OWNER_METER = "governor_cluster_owner";

  private final Bench bench;
  private final Setup setup;
  private final List<GovernorFile.Node> nodes = new ArrayList<>();
  private final Map<Integer, Child> processes = new TreeMap<>();

  /**
   * What they are to be.
   *
   * @param jar executable jar of the governor
   * @param count how many voters; odd
   * @param clients how many clients of the voters may be started later
   * @param apart whether each voter meets the others at an address of its own, so that it can be
   *     cut off
   * @param cluster name that no other cluster on this machine has
   * @param storePort of the loopback address
   * @param directory for their files, logs and data
   */
  public record Setup(
      Path jar,
      int count,
      int clients,
      boolean apart,
      Population population,
      String cluster,
      int storePort,
      Path directory) {
    /** Voters only, all on one address. */
    public Setup(
        Path jar, int count, Population population, String cluster, int storePort, Path directory) {
      this(jar, count, 0, false, population, cluster, storePort, directory);
    }

    public Setup {
      requireNonNull(jar, "jar");
      requireNonNull(population, "population");
      requireNonNull(cluster, "cluster");
      requireNonNull(directory, "directory");
    }
  }

  /** Governors that are not started yet. */
  public Governors(Bench bench, Setup setup) {
    this.bench = requireNonNull(bench, "bench");
    this.setup = requireNonNull(setup, "setup");
    for (int i = 1; i <= setup.count(); i++) {
      nodes.add(
          new GovernorFile.Node(
              "gw-" + i,
              bench.ports().next(),
              bench.ports().next(),
              setup.apart() ? "127.0.1." + i : "127.0.0.1",
              bench.ports().next(),
              setup.clients() > 0 ? bench.ports().next() : 0));
    }
    for (int i = 1; i <= setup.clients(); i++) {
      nodes.add(
          new GovernorFile.Node(
              "side-" + i, bench.ports().next(), bench.ports().next(), "127.0.0.1", 0, 0));
    }
  }

  /** Writes a file for each one and starts the voters. */
  public void start() {
    for (int node = 0; node < nodes.size(); node++) {
      try {
        Files.createDirectories(setup.directory());
        Files.writeString(config(node), file().text(nodes.get(node)));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    for (int node = 0; node < setup.count(); node++) {
      start(node, List.of());
    }
  }

  /**
   * Starts that one, which does not run.
   *
   * @param prefix words before its command line, such as {@code env NAME=value}
   */
  public void start(int node, List<String> prefix) {
    processes.put(node, process(node, prefix));
  }

  private GovernorFile file() {
    return new GovernorFile(
        setup.population(),
        setup.cluster(),
        setup.storePort(),
        nodes,
        setup.directory().resolve("data").toAbsolutePath());
  }

  private Path config(int node) {
    return setup.directory().resolve(nodes.get(node).name() + ".yaml");
  }

  private Child process(int node, List<String> prefix) {
    List<String> command = new ArrayList<>(prefix);
    command.addAll(
        JavaCommand.ofJar(setup.jar(), List.of("run", "--config", config(node).toString())));
    return bench
        .children()
        .start(nodes.get(node).name(), setup.directory().resolve("logs"), command);
  }

  private Child process(int node) {
    return requireNonNull(processes.get(node), "not started");
  }

  /** Ends that one at once, as a crash would. */
  public void kill(int node) {
    process(node).kill();
  }

  /** Lets that one stand still. */
  public void pause(int node) {
    process(node).signal("STOP");
  }

  /** Lets that one go on after it stood still. */
  public void resume(int node) {
    process(node).signal("CONT");
  }

  public boolean alive(int node) {
    Child process = processes.get(node);
    return process != null && process.alive();
  }

  /** Ends that one in good order, unless it was killed, and starts it again. */
  public void restart(int node) {
    restart(node, List.of());
  }

  /** The same with words before its command line. */
  public void restart(int node, List<String> prefix) {
    bench.children().stop(process(node));
    start(node, prefix);
  }

  /**
   * Waits until each one is ready for requests.
   *
   * @throws RunFailedException if one has ended, or is not ready in time
   */
  public void awaitReady() {
    for (int node = 0; node < setup.count(); node++) {
      awaitReady(node);
    }
  }

  /**
   * Waits until that one is ready for requests.
   *
   * @throws RunFailedException if it has ended, or is not ready in time
   */
  public void awaitReady(int node) {
    int port = nodes.get(node).operatorPort();
    Child process = process(node);
    boolean ready =
        bench.awaitAnswer(
            port, "/health/ready", () -> !process.alive(), READY_BOUND, process.name());
    if (!ready) {
      throw new RunFailedException(
          "%s is not ready after %s, it wrote %s"
              .formatted(process.name(), READY_BOUND, process.log()));
    }
  }

  /**
   * Waits until every voter says so.
   *
   * @throws RunFailedException if one has ended, or they do not say so in time
   */
  public void awaitEvery(
      StatusPoller poller, Predicate<NodeSample> condition, Duration bound, String what) {
    BooleanSupplier all =
        () ->
            poller.latest().stream().filter(each -> each.node() < setup.count()).count()
                    == setup.count()
                && poller.latest().stream()
                    .filter(each -> each.node() < setup.count())
                    .allMatch(condition);
    boolean held =
        bench.await(
            bench
                .loop()
                .until(
                    () -> all.getAsBoolean() || !dead().isEmpty(),
                    ASK_PERIOD_NANOS,
                    bound.toNanos()),
            bound,
            what);
    if (!held || !dead().isEmpty()) {
      throw new RunFailedException(
          "waited %s for %s; dead: %s; they say %s"
              .formatted(bound, what, dead(), bench.onLoop(poller::latest)));
    }
  }

  /**
   * The voter where the ledger lies. All of them must answer.
   *
   * @throws RunFailedException if none says it is, or one does not answer
   */
  public int owner() {
    for (int node = 0; node < setup.count(); node++) {
      GovernorFile.Node of = nodes.get(node);
      Fetch.Answer answer = bench.result(() -> scrape(of), "the meters of " + of.name());
      if (Scrape.sum(answer.body(), OWNER_METER) > 0) {
        return node;
      }
    }
    throw new RunFailedException("no governor says that the ledger lies on it");
  }

  /**
   * Requests that all nodes together say they sent to the store.
   *
   * @throws RunFailedException if one does not answer
   */
  public long sent() {
    return sum(SENT_METER, any -> true);
  }

  /**
   * Requests of all nodes together whose connection broke, or that the store could not do, and
   * those that met a connection closed meanwhile.
   *
   * @throws RunFailedException if one does not answer
   */
  public long failed() {
    return sum(ENDED_METER, labels -> labels.contains("outcome=\"failure\""))
        + sum(RESENT_METER, any -> true);
  }

  /**
   * Requests that all nodes together have at the store at this instant.
   *
   * @throws RunFailedException if one does not answer
   */
  public long inFlight() {
    return sum(IN_FLIGHT_METER, any -> true);
  }

  private long sum(String meter, Predicate<String> labels) {
    double sum = 0;
    for (GovernorFile.Node node : nodes) {
      Fetch.Answer answer = bench.result(() -> scrape(node), "the meters of " + node.name());
      sum += Scrape.sum(answer.body(), meter, labels);
    }
    return Math.round(sum);
  }

  /**
   * Lets an operator freeze the cluster at that ceiling.
   *
   * @param epoch that was read just now
   * @throws RunFailedException if the node refuses
   */
  public void pin(int node, double perSecond, long epoch) {
    OperatorClient client =
        new OperatorClient(URI.create(nodes.get(node).operatorUrl()), Optional.empty());
    JsonObject body = new JsonObject().put("rps", perSecond).put("reason", "a measured ceiling");
    try {
      OperatorClient.Reply reply = client.ramp("pin", "\"" + epoch + "\"", body);
      if (!reply.ok()) {
        throw new RunFailedException("pin: got " + reply.status() + " " + reply.body());
      }
    } catch (IOException e) {
      throw new RunFailedException("pin: " + e.getMessage(), e);
    }
  }

  private Future<Fetch.Answer> scrape(GovernorFile.Node node) {
    return bench
        .fetch()
        .get(node.operatorPort(), "/metrics", ASK_TIMEOUT)
        .compose(
            answer ->
                answer.status() == 200
                    ? Future.succeededFuture(answer)
                    : Future.failedFuture("/metrics answered " + answer.status()));
  }

  /** Names of those that have ended. */
  public List<String> dead() {
    return processes.values().stream().filter(each -> !each.alive()).map(Child::name).toList();
  }

  /** Voters, and clients that may be there. */
  public int count() {
    return nodes.size();
  }

  public String name(int node) {
    return nodes.get(node).name();
  }

  /** Where that voter meets the others. */
  public String clusterHost(int node) {
    return nodes.get(node).clusterHost();
  }

  public List<Integer> listenPorts() {
    return nodes.stream().map(GovernorFile.Node::listenPort).toList();
  }

  public List<Integer> operatorPorts() {
    return nodes.stream().map(GovernorFile.Node::operatorPort).toList();
  }

  public List<String> operatorUrls() {
    return nodes.stream().map(GovernorFile.Node::operatorUrl).toList();
  }

  /** Their process ids, in their order. */
  public List<Long> pids() {
    return processes.values().stream().map(each -> each.process().pid()).toList();
  }

  /** Ends all of them and waits until they are gone. */
  public void stop() {
    bench.children().stop(List.copyOf(processes.values()));
  }
}

package io.trafficgovernor.loadtest.fleet;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.loadtest.live.Fetch;
import io.trafficgovernor.loadtest.live.Scrape;
import io.trafficgovernor.loadtest.plan.Population;
import io.trafficgovernor.loadtest.process.Children.Child;
import io.trafficgovernor.loadtest.process.JavaCommand;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
  private static final String IN_FLIGHT_METER = "governor_in_flight";

  private final Bench bench;
  private final Setup setup;
  private final List<GovernorFile.Node> nodes = new ArrayList<>();
  private final List<Child> processes = new ArrayList<>();

  /**
   * What they are to be.
   *
   * @param jar executable jar of the governor
   * @param count how many of them; odd
   * @param cluster name that no other cluster on this machine has
   * @param storePort of the loopback address
   * @param directory for their files, logs and data
   */
  public record Setup(
      Path jar, int count, Population population, String cluster, int storePort, Path directory) {
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
              "gw-" + i, bench.ports().next(), bench.ports().next(), bench.ports().next()));
    }
  }

  /** Writes a file for each one and starts the processes. */
  public void start() {
    for (int node = 0; node < nodes.size(); node++) {
      try {
        Files.createDirectories(setup.directory());
        Files.writeString(config(node), file().text(nodes.get(node)));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      processes.add(process(node));
    }
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

  private Child process(int node) {
    return bench
        .children()
        .start(
            nodes.get(node).name(),
            setup.directory().resolve("logs"),
            JavaCommand.ofJar(setup.jar(), List.of("run", "--config", config(node).toString())));
  }

  /** Ends that one at once, as a crash would. */
  public void kill(int node) {
    processes.get(node).kill();
  }

  /** Lets that one stand still. */
  public void pause(int node) {
    processes.get(node).signal("STOP");
  }

  /** Lets that one go on after it stood still. */
  public void resume(int node) {
    processes.get(node).signal("CONT");
  }

  public boolean alive(int node) {
    return processes.get(node).alive();
  }

  /** Starts that one again after it was killed. */
  public void restart(int node) {
    bench.children().stop(processes.get(node));
    processes.set(node, process(node));
  }

  /**
   * Waits until each one is ready for requests.
   *
   * @throws RunFailedException if one has ended, or is not ready in time
   */
  public void awaitReady() {
    for (int node = 0; node < nodes.size(); node++) {
      int port = nodes.get(node).operatorPort();
      Child process = processes.get(node);
      boolean[] ready = {false};
      boolean held =
          bench.await(
              bench
                  .loop()
                  .until(
                      () -> {
                        var unused =
                            bench
                                .fetch()
                                .get(port, "/health/ready", ASK_TIMEOUT)
                                .onSuccess(answer -> ready[0] |= answer.status() == 200);
                        return ready[0] || !process.alive();
                      },
                      ASK_PERIOD_NANOS,
                      READY_BOUND.toNanos()),
              READY_BOUND,
              process.name());
      if (!held || !process.alive()) {
        throw new RunFailedException(
            "%s is not ready after %s, it wrote %s"
                .formatted(process.name(), READY_BOUND, process.log()));
      }
    }
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
   * Requests of all nodes together whose connection broke, or that the store could not do.
   *
   * @throws RunFailedException if one does not answer
   */
  public long failed() {
    return sum(ENDED_METER, labels -> labels.contains("outcome=\"failure\""));
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
    return processes.stream().filter(each -> !each.alive()).map(Child::name).toList();
  }

  public int count() {
    return nodes.size();
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
    return processes.stream().map(each -> each.process().pid()).toList();
  }

  /** Ends all of them and waits until they are gone. */
  public void stop() {
    bench.children().stop(processes);
  }
}

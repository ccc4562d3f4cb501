package io.trafficgovernor.loadtest.replay;

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

/** The governor processes of one run. */
final class Gateways {
  private static final Duration ASK_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration READY_BOUND = Duration.ofSeconds(60);
  private static final long ASK_PERIOD_NANOS = 250_000_000L;
  private static final String SENT_METER = "governor_backend_requests_total";

  private final Bench bench;
  private final List<GovernorFile.Node> nodes = new ArrayList<>();
  private final List<Child> processes = new ArrayList<>();

  Gateways(Bench bench) {
    this.bench = bench;
  }

  /** Writes a file for each node in {@code directory} and starts the processes. */
  void start(Settings settings, Population population, int storePort, Path directory) {
    for (int i = 1; i <= Settings.NODES; i++) {
      nodes.add(
          new GovernorFile.Node(
              "gw-" + i, bench.ports().next(), bench.ports().next(), bench.ports().next()));
    }
    GovernorFile file =
        new GovernorFile(
            population,
            "%s-%s-%d".formatted(settings.incident().name(), directory.getFileName(), storePort),
            storePort,
            nodes,
            directory.resolve("data").toAbsolutePath());
    for (GovernorFile.Node node : nodes) {
      Path config = directory.resolve(node.name() + ".yaml");
      try {
        Files.writeString(config, file.text(node));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      processes.add(
          bench
              .children()
              .start(
                  node.name(),
                  directory.resolve("logs"),
                  JavaCommand.ofJar(
                      settings.governor(), List.of("run", "--config", config.toString()))));
    }
  }

  /** Waits until each one is ready for requests. */
  void awaitReady() {
    for (int i = 0; i < nodes.size(); i++) {
      int port = nodes.get(i).operatorPort();
      Child process = processes.get(i);
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

  /** Requests that all nodes together say they sent to the store. */
  long sent() {
    double sum = 0;
    for (GovernorFile.Node node : nodes) {
      Fetch.Answer answer = bench.result(() -> scrape(node), "the meters of " + node.name());
      sum += Scrape.sum(answer.body(), SENT_METER);
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

  /** Which of them have ended though nobody told them to. */
  List<String> dead() {
    return processes.stream().filter(each -> !each.alive()).map(Child::name).toList();
  }

  List<Integer> listenPorts() {
    return nodes.stream().map(GovernorFile.Node::listenPort).toList();
  }

  List<Integer> operatorPorts() {
    return nodes.stream().map(GovernorFile.Node::operatorPort).toList();
  }

  List<String> operatorUrls() {
    return nodes.stream().map(GovernorFile.Node::operatorUrl).toList();
  }

  void stop() {
    processes.forEach(bench.children()::stop);
  }
}

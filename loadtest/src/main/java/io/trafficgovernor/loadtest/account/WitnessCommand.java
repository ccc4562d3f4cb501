package io.trafficgovernor.loadtest.account;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import io.trafficgovernor.loadtest.judge.Check;
import io.trafficgovernor.loadtest.judge.Judgement;
import io.trafficgovernor.loadtest.record.ArrivalColumns;
import io.trafficgovernor.loadtest.shell.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code loadtest witness DIR}: the envelope from the nodes' own logs and the store's. */
@Command(
    name = "witness",
    description = {
      "Holds the nodes' logs of their tokens (witness.log, anywhere below DIR) against the store's",
      "log (arrivals.log in DIR), by the clock of one machine.",
      "Exits 0 if the envelope held, else 1."
    })
public final class WitnessCommand implements Callable<Integer> {
  private static final int DEPTH = 6;

  private final Console console;

  @Parameters(index = "0", paramLabel = "DIR", description = "such as loadtest/target/chaos")
  private Path directory = Path.of("");

  @Option(
      names = "--event-loops",
      defaultValue = "1",
      description = "listen.event-loops of each node (${DEFAULT-VALUE})")
  private int eventLoops;

  /** A command that writes to that console. */
  public WitnessCommand(Console console) {
    this.console = requireNonNull(console, "console");
  }

  @Override
  public Integer call() {
    List<Check> checks;
    try {
      List<NodeLog> nodes = nodes();
      ArrivalColumns arrivals = arrivals();
      console.line(
          "%d nodes: %s; %d arrivals at the store"
              .formatted(
                  nodes.size(), nodes.stream().map(NodeLog::node).toList(), arrivals.size()));
      checks = new Account(nodes, arrivals, eventLoops).checks();
    } catch (IllegalArgumentException | IOException e) {
      console.error("witness: " + e.getMessage());
      return 2;
    }
    for (Check check : checks) {
      console.line(
          "%-12s %-16s %8.1f  bound %8.1f  %s"
              .formatted(check.outcome(), check.id(), check.value(), check.bar(), check.note()));
    }
    Check.Outcome verdict = Judgement.verdict(checks);
    console.line("verdict: " + verdict);
    return verdict == Check.Outcome.PASS ? 0 : 1;
  }

  private List<NodeLog> nodes() throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(directory, DEPTH)) {
      files = all.filter(each -> each.endsWith("witness.log")).sorted().toList();
    }
    if (files.isEmpty()) {
      throw new IllegalArgumentException(
          directory + ": got no witness.log, allowed one or more: cluster.witness-log writes them");
    }
    List<NodeLog> nodes = new ArrayList<>();
    for (Path file : files) {
      nodes.add(
          NodeLog.read(
              String.valueOf(requireNonNullElse(file.getParent(), directory).getFileName()), file));
    }
    return nodes;
  }

  private ArrivalColumns arrivals() throws IOException {
    ArrivalColumns arrivals = new ArrivalColumns();
    Files.readAllLines(directory.resolve("arrivals.log")).forEach(arrivals::add);
    return arrivals;
  }
}

package io.trafficgovernor.loadtest.bench;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.ctl.OperatorClient;
import io.trafficgovernor.loadtest.fleet.Bench;
import io.trafficgovernor.loadtest.fleet.RunFailedException;
import io.trafficgovernor.loadtest.process.Children.Child;
import io.trafficgovernor.loadtest.shell.Console;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code loadtest bench gateway}: each proxy in turn, before the same origin, driven by wrk. The
 * figure to look at is the CPU time of the proxy's process for each request: it does not depend on
 * how much of the machine the others took.
 */
@Command(
    name = "gateway",
    description = {
      "CPU time per request, beside a bare Vert.x forwarder, HAProxy and nginx.",
      "Needs wrk; HAProxy and nginx are left out, and said to be, where they are missing."
    })
public final class GatewayBench implements Callable<Integer> {
  private static final Duration ASK = Duration.ofSeconds(2);
  private static final Duration START_BOUND = Duration.ofSeconds(60);
  private static final long ASK_PERIOD_NANOS = 200_000_000L;
  private static final int WARM_SECONDS = 5;

  private final Console console;
  private final Class<?> main;

  @Option(names = "--seconds", defaultValue = "8", description = "each run (${DEFAULT-VALUE})")
  private int seconds;

  @Option(names = "--connections", defaultValue = "64", description = "of wrk (${DEFAULT-VALUE})")
  private int connections;

  @Option(names = "--many", defaultValue = "1000", description = "in the run with many of them")
  private int many;

  @Option(
      names = "--governor",
      defaultValue = "governor/target/governor.jar",
      description = "executable jar of the governor (${DEFAULT-VALUE})")
  private Path governor = Path.of("");

  @Option(
      names = "--out",
      defaultValue = "loadtest/target/bench-gateway",
      description = "directory for the results (${DEFAULT-VALUE})")
  private Path out = Path.of("");

  @Option(names = "--seed", defaultValue = "1", description = "of the ports (${DEFAULT-VALUE})")
  private long seed;

  /**
   * A command that writes to that console.
   *
   * @param main main class of this program, which also runs origin and bare forwarder
   */
  GatewayBench(Console console, Class<?> main) {
    this.console = requireNonNull(console, "console");
    this.main = requireNonNull(main, "main");
  }

  @Override
  public Integer call() {
    try (Bench bench = new Bench(console, seed)) {
      Files.createDirectories(out);
      if (!installed("wrk", "-v")) {
        console.error("bench: wrk is not installed (Debian: apt-get install wrk)");
        return 2;
      }
      GatewayTable table = new GatewayTable();
      int origin = origin(bench);
      for (Contestant each : contestants(bench, origin)) {
        measure(bench, each, table);
      }
      table.lines().forEach(console::line);
      Files.writeString(out.resolve("result.json"), table.json().encodePrettily() + "\n");
      return 0;
    } catch (IOException | RunFailedException e) {
      console.error("bench: " + e.getMessage());
      return 1;
    }
  }

  private int origin(Bench bench) {
    int port = bench.ports().next();
    Child unused =
        bench
            .children()
            .start("origin", out, Contestant.own(main, List.of("origin", "--port=" + port)));
    awaitAnswer(bench, port);
    return port;
  }

  private List<Contestant> contestants(Bench bench, int origin) {
    List<Contestant> all = new ArrayList<>();
    all.add(Contestant.forwarder(main, bench.ports().next(), origin));
    Contestant.Ports ports =
        new Contestant.Ports(bench.ports().next(), bench.ports().next(), bench.ports().next());
    all.add(Contestant.governor(out, governor, ports, origin));
    if (installed("haproxy", "-v")) {
      all.add(Contestant.haproxy(out, bench.ports().next(), origin));
    } else {
      console.line("HAProxy is not installed and left out (Debian: apt-get install haproxy)");
    }
    if (installed("nginx", "-v")) {
      all.add(Contestant.nginx(out, bench.ports().next(), origin));
    } else {
      console.line("nginx is not installed and left out (Debian: apt-get install nginx)");
    }
    return all;
  }

  private void measure(Bench bench, Contestant who, GatewayTable table) {
    Child child = bench.children().start(who.name().replace(' ', '-'), out, who.command());
    awaitAnswer(bench, who.port());
    var unused = wrk(bench, who.port(), "/x", connections, WARM_SECONDS);
    table.add(who.name(), "small", run(bench, who, child, "/x", connections));
    table.add(who.name(), "many", run(bench, who, child, "/x", many));
    table.add(who.name(), "1 MiB", run(bench, who, child, "/large", 16));
    if (who.operator() > 0) {
      command(who, "close");
      unused = wrk(bench, who.port(), "/shed/x", connections, WARM_SECONDS);
      table.add(who.name(), "refused", run(bench, who, child, "/shed/x", connections));
      command(who, "begin");
      table.add(who.name(), "ramping", run(bench, who, child, "/shed/x", connections));
    } else {
      table.add(who.name(), "refused", run(bench, who, child, "/shed/x", connections));
    }
    bench.children().stop(child);
  }

  private GatewayTable.Figure run(
      Bench bench, Contestant who, Child child, String path, int connections) {
    console.line("%s: %s, %d connections".formatted(who.name(), path, connections));
    ProcessCost before = ProcessCost.of(child.process().pid());
    Wrk load = wrk(bench, who.port(), path, connections, seconds);
    ProcessCost after = ProcessCost.of(child.process().pid());
    return new GatewayTable.Figure(
        load,
        (after.cpuMillis() - before.cpuMillis()) * 1e3 / load.requests(),
        after.residentKib());
  }

  private Wrk wrk(Bench bench, int port, String path, int connections, int runSeconds) {
    String name = "wrk-" + bench.ticker().nanos();
    Child child =
        bench
            .children()
            .start(
                name, out, Wrk.command("http://127.0.0.1:" + port + path, connections, runSeconds));
    try {
      if (!child.process().waitFor(runSeconds + 30L, TimeUnit.SECONDS)) {
        throw new RunFailedException("wrk did not end, it wrote " + child.log());
      }
      String text = Files.readString(child.log());
      Files.delete(child.log());
      return Wrk.parse(text);
    } catch (IOException e) {
      throw new RunFailedException("wrk: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RunFailedException("interrupted while wrk ran", e);
    } finally {
      bench.children().stop(child);
    }
  }

  private void awaitAnswer(Bench bench, int port) {
    boolean[] answers = {false};
    boolean held =
        bench.await(
            bench
                .loop()
                .until(
                    () -> {
                      var unused =
                          bench
                              .fetch()
                              .get(port, "/x", ASK)
                              .onSuccess(answer -> answers[0] |= answer.status() == 200);
                      return answers[0];
                    },
                    ASK_PERIOD_NANOS,
                    START_BOUND.toNanos()),
            START_BOUND,
            "an answer on port " + port);
    if (!held) {
      throw new RunFailedException("port %d does not answer, see %s".formatted(port, out));
    }
  }

  private static void command(Contestant who, String verb) {
    OperatorClient client =
        new OperatorClient(URI.create("http://127.0.0.1:" + who.operator()), Optional.empty());
    try {
      String epoch = client.get("/v1/status").json().getValue("epoch").toString();
      OperatorClient.Reply reply =
          client.ramp(verb, "\"" + epoch + "\"", new JsonObject().put("reason", "bench"));
      if (!reply.ok()) {
        throw new RunFailedException(verb + ": " + reply.status() + " " + reply.body());
      }
    } catch (IOException e) {
      throw new RunFailedException(verb + ": " + e, e);
    }
  }

  private static boolean installed(String program, String option) {
    try {
      Process process =
          new ProcessBuilder(program, option)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(10, TimeUnit.SECONDS);
    } catch (IOException missing) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}

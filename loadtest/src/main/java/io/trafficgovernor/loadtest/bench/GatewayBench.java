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
import java.util.Set;
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
  private static final Duration START_BOUND = Duration.ofSeconds(60);
  private static final int WARM_SECONDS = 5;
  private static final int WARM_ROUNDS = 12;

  /** A JVM that compiles for more than this part of its time is not warm. */
  private static final double COMPILING = 0.05;

  private static final int STARTS = 3;

  /** Refusals are held for some milliseconds: it takes more connections to keep a loop busy. */
  private static final int REFUSED_FACTOR = 8;

  private static final int LARGE_CONNECTIONS = 16;

  /** Of one connection in HTTP/2. */
  private static final int STREAMS = 8;

  /** Requests per second of a governor that ramps. */
  private static final int PINNED = 4000;

  private final Console console;
  private final Class<?> main;

  @Option(names = "--seconds", defaultValue = "8", description = "each run (${DEFAULT-VALUE})")
  private int seconds;

  @Option(names = "--connections", defaultValue = "64", description = "of wrk (${DEFAULT-VALUE})")
  private int connections;

  @Option(
      names = "--many",
      split = ",",
      defaultValue = "1000,10000",
      description = "in the runs with many of them (${DEFAULT-VALUE})")
  private List<Integer> many = List.of();

  @Option(
      names = "--paced",
      defaultValue = "4000",
      description = "requests/s in the run at half load (${DEFAULT-VALUE})")
  private double paced;

  @Option(
      names = "--governor",
      defaultValue = "governor/target/governor.jar",
      description = "executable jar of the governor (${DEFAULT-VALUE})")
  private Path governor = Path.of("");

  @Option(
      names = "--jvm-options",
      defaultValue = "governor/src/deploy/jvm.options",
      description = "of every JVM, as java @file reads them (${DEFAULT-VALUE})")
  private Path options = Path.of("");

  @Option(names = "--short", description = "small answers, the given rate and refusals alone")
  private boolean brief;

  private boolean h2load;

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
      h2load = installed("h2load", "--version");
      if (!h2load) {
        console.line("h2load is not installed: no paced load, no HTTP/2 (nghttp2-client)");
      }
      Contestant.Jvm jvm = new Contestant.Jvm(main, options);
      GatewayTable table = new GatewayTable();
      int origin = origin(bench, jvm);
      List<StartBench.Start> starts = brief ? List.of() : starts(bench, jvm, origin);
      for (Contestant each : contestants(bench, jvm, origin)) {
        // first: what a governor was commanded it remembers, and a pin is none of the crowd's
        if (!brief) {
          crowd(bench, each, table);
        }
        measure(bench, each, table);
      }
      table.lines().forEach(console::line);
      JsonObject result = table.json().put("starts", StartBench.json(starts));
      Files.writeString(out.resolve("result.json"), result.encodePrettily() + "\n");
      return 0;
    } catch (IOException | RunFailedException e) {
      console.error("bench: " + e.getMessage());
      return 1;
    }
  }

  private int origin(Bench bench, Contestant.Jvm jvm) {
    int port = bench.ports().next();
    Child unused =
        bench
            .children()
            .start("origin", out, Contestant.own(jvm, List.of("origin", "--port=" + port)));
    awaitAnswer(bench, port);
    return port;
  }

  /** From the start to the first request served; the archive of classes is made here and now. */
  private List<StartBench.Start> starts(Bench bench, Contestant.Jvm jvm, int origin) {
    Path archive = out.resolve("governor.jsa").toAbsolutePath();
    StartBench start = new StartBench(bench.children(), bench.ticker(), out);
    console.line("starts: the archive of classes");
    var unused =
        start.once(
            governor(bench, "archive", jvm.flags("-XX:ArchiveClassesAtExit=" + archive), origin));
    console.line("starts: in turn, " + STARTS + " times each");
    List<Contestant> each = new ArrayList<>();
    each.add(Contestant.member(jvm, bench.ports().next(), bench.ports().next()));
    each.add(governor(bench, "governor", jvm.flags(), origin));
    each.add(
        governor(
            bench, "governor with archive", jvm.flags("-XX:SharedArchiveFile=" + archive), origin));
    if (installed("haproxy", "-v")) {
      each.add(Contestant.haproxy(out, bench.ports().next(), bench.ports().next(), origin));
    }
    List<StartBench.Start> starts = start.run(each, STARTS);
    StartBench.lines(starts).forEach(console::line);
    return starts;
  }

  private Contestant governor(Bench bench, String name, List<String> flags, int origin) {
    Path data = out.resolve("governor-" + bench.ticker().nanos());
    Contestant.Ports ports =
        new Contestant.Ports(bench.ports().next(), bench.ports().next(), bench.ports().next());
    return Contestant.governor(name, data, flags, governor, ports, origin);
  }

  private List<Contestant> contestants(Bench bench, Contestant.Jvm jvm, int origin) {
    List<Contestant> all = new ArrayList<>();
    all.add(Contestant.forwarder(jvm, bench.ports().next(), origin));
    all.add(governor(bench, "governor", jvm.flags(), origin));
    if (installed("haproxy", "-v")) {
      all.add(Contestant.haproxy(out, bench.ports().next(), bench.ports().next(), origin));
    } else {
      console.line("HAProxy is not installed and left out (Debian: apt-get install haproxy)");
    }
    if (installed("nginx", "-v")) {
      all.add(Contestant.nginx(out, bench.ports().next(), bench.ports().next(), origin));
    } else {
      console.line("nginx is not installed and left out (Debian: apt-get install nginx)");
    }
    return all;
  }

  private void measure(Bench bench, Contestant who, GatewayTable table) {
    Child child = begin(bench, who);
    String url = "http://127.0.0.1:" + who.port();
    String small = url + "/x";
    add(bench, table, who, child, "small", wrk(small, connections));
    Path log = out.resolve("h2load.log");
    if (h2load) {
      add(bench, table, who, child, "paced", H2Load.paced(small, connections, paced, seconds, log));
    }
    if (h2load && !brief) {
      String http2 = "http://127.0.0.1:" + who.http2() + "/x";
      List<String> load = H2Load.http2(http2, connections / STREAMS, STREAMS, seconds, log);
      warm(bench, who, child, load, seconds);
      add(bench, table, who, child, "h2c", load);
    }
    if (!brief) {
      add(bench, table, who, child, "1 MiB", wrk(url + "/large", LARGE_CONNECTIONS));
    }
    if (who.operator() > 0) {
      command(who, "close", new JsonObject());
    }
    List<String> refused = wrk(url + "/shed/x", REFUSED_FACTOR * connections);
    warm(bench, who, child, refused, seconds);
    add(bench, table, who, child, "refused", refused);
    if (who.operator() > 0) {
      command(who, "begin", new JsonObject());
      command(who, "pin", new JsonObject().put("rps", PINNED));
      add(bench, table, who, child, "ramping", refused);
    }
    bench.children().stop(child);
  }

  /** Many connections, in a process that has seen nothing else; and what is left of it then. */
  private void crowd(Bench bench, Contestant who, GatewayTable table) {
    Child child = begin(bench, who);
    String small = "http://127.0.0.1:" + who.port() + "/x";
    for (int each : many) {
      add(bench, table, who, child, each + " conns", wrk(small, each));
    }
    if (who.operator() > 0) {
      console.line("%s after these: %s".formatted(who.name(), phase(who)));
    }
    warm(bench, who, child, wrk(small, connections), seconds);
    add(bench, table, who, child, "after", wrk(small, connections));
    bench.children().stop(child);
  }

  private Child begin(Bench bench, Contestant who) {
    Child child = bench.children().start(who.name().replace(' ', '-'), out, who.command());
    awaitAnswer(bench, who.port());
    String url = "http://127.0.0.1:" + who.port() + "/x";
    warm(bench, who, child, Wrk.command(url, connections, WARM_SECONDS), WARM_SECONDS);
    if (who.operator() > 0 && !phase(who).equals("OPEN")) {
      throw new RunFailedException("%s is not open but %s".formatted(who.name(), phase(who)));
    }
    return child;
  }

  private List<String> wrk(String url, int connections) {
    return Wrk.command(url, connections, seconds);
  }

  /** Until the compiler is done, and the governor has made up its mind. */
  private void warm(
      Bench bench, Contestant who, Child child, List<String> command, int roundSeconds) {
    for (int i = 0; i < WARM_ROUNDS; i++) {
      ProcessCost before = ProcessCost.of(child.process().pid());
      var unused = load(bench, command, roundSeconds);
      boolean compiles = ProcessCost.of(child.process().pid()).compiling(before) > COMPILING;
      boolean ramps = who.operator() > 0 && !Set.of("OPEN", "OUTAGE").contains(phase(who));
      if (!compiles && !ramps) {
        return;
      }
    }
  }

  private void add(
      Bench bench,
      GatewayTable table,
      Contestant who,
      Child child,
      String what,
      List<String> command) {
    ProcessCost before = ProcessCost.of(child.process().pid());
    Load load = load(bench, command, seconds);
    ProcessCost after = ProcessCost.of(child.process().pid());
    double micros = (after.cpuMillis() - before.cpuMillis()) * 1e3 / Math.max(1, load.requests());
    console.line(
        "%s: %s: %.1f us of CPU, p99 %.2f ms, RSS %d MB"
            .formatted(who.name(), what, micros, load.p99Millis(), after.residentKib() / 1024));
    table.add(who.name(), what, new GatewayTable.Figure(load, micros, after.residentKib()));
  }

  private Load load(Bench bench, List<String> command, int runSeconds) {
    Child child = bench.children().start("load-" + bench.ticker().nanos(), out, command);
    try {
      if (!child.process().waitFor(runSeconds + 30L, TimeUnit.SECONDS)) {
        throw new RunFailedException(command + " did not end, it wrote " + child.log());
      }
      String text = Files.readString(child.log());
      Files.delete(child.log());
      if (!command.get(0).equals("h2load")) {
        return Wrk.parse(text);
      }
      Path log = out.resolve("h2load.log");
      List<String> lines = Files.readAllLines(log);
      Files.delete(log);
      return H2Load.parse(text, lines);
    } catch (IOException e) {
      throw new RunFailedException(command + ": " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RunFailedException("interrupted during " + command, e);
    } finally {
      bench.children().stop(child);
    }
  }

  private void awaitAnswer(Bench bench, int port) {
    boolean held =
        bench.awaitAnswer(port, "/x", () -> false, START_BOUND, "an answer on port " + port);
    if (!held) {
      throw new RunFailedException("port %d does not answer, see %s".formatted(port, out));
    }
  }

  private static OperatorClient operator(Contestant who) {
    return new OperatorClient(URI.create("http://127.0.0.1:" + who.operator()), Optional.empty());
  }

  private static String phase(Contestant who) {
    return status(who).getString("phase", "none");
  }

  private static JsonObject status(Contestant who) {
    try {
      return operator(who).get("/v1/status").json();
    } catch (IOException e) {
      throw new RunFailedException("status: " + e, e);
    }
  }

  private static void command(Contestant who, String verb, JsonObject body) {
    try {
      String epoch = status(who).getValue("epoch").toString();
      OperatorClient.Reply reply =
          operator(who).ramp(verb, "\"" + epoch + "\"", body.put("reason", "bench"));
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

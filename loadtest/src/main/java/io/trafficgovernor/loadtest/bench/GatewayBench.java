package io.trafficgovernor.loadtest.bench;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.loadtest.bench.contestant.Contestant;
import io.trafficgovernor.loadtest.bench.contestant.Installed;
import io.trafficgovernor.loadtest.bench.contestant.ShownCertificate;
import io.trafficgovernor.loadtest.fleet.Bench;
import io.trafficgovernor.loadtest.fleet.RunFailedException;
import io.trafficgovernor.loadtest.process.Children.Child;
import io.trafficgovernor.loadtest.shell.Console;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
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
  private static final int STARTS = 3;

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

  @Option(names = "--short", description = "small answers, the given rate and refusals, no TLS")
  private boolean brief;

  @Option(names = "--tls", description = "the runs over TLS alone")
  private boolean tlsAlone;

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
    if (brief && tlsAlone) {
      console.error("bench: got --short and --tls, allowed: one of them");
      return 2;
    }
    if (!Installed.has("wrk", "-v")) {
      console.error("bench: wrk is not installed (Debian: apt-get install wrk)");
      return 2;
    }
    try (Bench bench = new Bench(console, seed)) {
      Files.createDirectories(out);
      JsonObject result = run(bench);
      Files.writeString(out.resolve("result.json"), result.encodePrettily() + "\n");
      return 0;
    } catch (IOException | RunFailedException e) {
      console.error("bench: " + e.getMessage());
      return 1;
    }
  }

  private JsonObject run(Bench bench) throws IOException {
    boolean h2load = Installed.has("h2load", "--version");
    if (!h2load) {
      console.line("h2load is not installed: no paced load, no HTTP/2 (nghttp2-client)");
    }
    Contestant.Jvm jvm = new Contestant.Jvm(main, options);
    int origin = origin(bench, jvm);
    List<StartBench.Start> starts = brief || tlsAlone ? List.of() : starts(bench, jvm, origin);
    GatewayRuns runs =
        new GatewayRuns(
            bench, out, new GatewayRuns.Plan(seconds, connections, many, paced, brief, h2load));
    if (!tlsAlone) {
      contestants(bench, jvm, origin, Optional.empty()).forEach(runs::inClear);
    }
    if (!brief) {
      Optional<ShownCertificate> shown = Optional.of(ShownCertificate.make(out));
      contestants(bench, jvm, origin, shown).forEach(runs::inTls);
    }
    runs.table().lines().forEach(console::line);
    return runs.table().json().put("starts", StartBench.json(starts));
  }

  private int origin(Bench bench, Contestant.Jvm jvm) {
    int port = bench.ports().next();
    Child unused =
        bench
            .children()
            .start("origin", out, Contestant.own(jvm, List.of("origin", "--port=" + port)));
    boolean held =
        bench.awaitAnswer(port, "/x", () -> false, START_BOUND, "an answer on port " + port);
    if (!held) {
      throw new RunFailedException("port %d does not answer, see %s".formatted(port, out));
    }
    return port;
  }

  /** From the start to the first request served; the archive of classes is made here and now. */
  private List<StartBench.Start> starts(Bench bench, Contestant.Jvm jvm, int origin) {
    Path archive = out.resolve("governor.jsa").toAbsolutePath();
    StartBench start = new StartBench(bench.children(), bench.ticker(), out);
    console.line("starts: the archive of classes");
    var unused =
        start.once(
            governor(
                bench,
                "archive",
                jvm.flags("-XX:ArchiveClassesAtExit=" + archive),
                origin,
                Optional.empty()));
    console.line("starts: in turn, " + STARTS + " times each");
    List<Contestant> each = new ArrayList<>();
    each.add(Contestant.member(jvm, bench.ports().next(), bench.ports().next()));
    each.add(governor(bench, "governor", jvm.flags(), origin, Optional.empty()));
    each.add(
        governor(
            bench,
            "governor with archive",
            jvm.flags("-XX:SharedArchiveFile=" + archive),
            origin,
            Optional.empty()));
    if (Installed.has("haproxy", "-v")) {
      each.add(haproxy(bench, origin, Optional.empty()));
    }
    List<StartBench.Start> starts = start.run(each, STARTS);
    StartBench.lines(starts).forEach(console::line);
    return starts;
  }

  private Contestant governor(
      Bench bench, String name, List<String> flags, int origin, Optional<ShownCertificate> tls) {
    Path data = out.resolve("governor-" + bench.ticker().nanos());
    Contestant.Ports ports =
        new Contestant.Ports(bench.ports().next(), bench.ports().next(), bench.ports().next());
    return Contestant.governor(name, data, flags, governor, ports, origin, tls);
  }

  private List<Contestant> contestants(
      Bench bench, Contestant.Jvm jvm, int origin, Optional<ShownCertificate> tls) {
    List<Contestant> all = new ArrayList<>();
    all.add(Contestant.forwarder(jvm, bench.ports().next(), origin, tls));
    all.add(governor(bench, "governor", jvm.flags(), origin, tls));
    if (Installed.has("haproxy", "-v")) {
      all.add(haproxy(bench, origin, tls));
    } else {
      console.line("HAProxy is not installed and left out (Debian: apt-get install haproxy)");
    }
    if (Installed.has("nginx", "-v")) {
      all.add(Installed.nginx(out, bench.ports().next(), bench.ports().next(), origin, tls));
    } else {
      console.line("nginx is not installed and left out (Debian: apt-get install nginx)");
    }
    return all;
  }

  private Contestant haproxy(Bench bench, int origin, Optional<ShownCertificate> tls) {
    return Installed.haproxy(out, bench.ports().next(), bench.ports().next(), origin, tls);
  }
}

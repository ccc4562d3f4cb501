package io.trafficgovernor.loadtest.bench;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.loadtest.bench.contestant.Contestant;
import io.trafficgovernor.loadtest.bench.contestant.Steer;
import io.trafficgovernor.loadtest.fleet.Bench;
import io.trafficgovernor.loadtest.fleet.RunFailedException;
import io.trafficgovernor.loadtest.process.Children.Child;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The runs of a gateway bench, one contestant and one load at a time. Blocks. */
final class GatewayRuns {
  private static final int WARM_SECONDS = 5;
  private static final int WARM_ROUNDS = 12;

  /** A JVM that compiles for more than this part of its time is not warm. */
  private static final double COMPILING = 0.05;

  /** Refusals are held for some milliseconds: it takes more connections to keep a loop busy. */
  private static final int REFUSED_FACTOR = 8;

  private static final int LARGE_CONNECTIONS = 16;

  /** Of one connection in HTTP/2. */
  private static final int STREAMS = 8;

  /** Requests per second of a governor that ramps. */
  private static final int PINNED = 4000;

  private final Bench bench;
  private final Path out;
  private final Path log;
  private final Plan plan;
  private final GatewayTable table = new GatewayTable();

  /**
   * What is run.
   *
   * @param seconds each run
   * @param connections of wrk
   * @param many the same in the runs with many of them
   * @param paced requests per second at half load
   * @param brief small answers, the given rate and refusals alone
   * @param h2load whether it is there
   */
  record Plan(
      int seconds,
      int connections,
      List<Integer> many,
      double paced,
      boolean brief,
      boolean h2load) {
    Plan {
      many = List.copyOf(many);
    }
  }

  GatewayRuns(Bench bench, Path out, Plan plan) {
    this.bench = requireNonNull(bench, "bench");
    this.out = requireNonNull(out, "out");
    this.plan = requireNonNull(plan, "plan");
    this.log = out.resolve("h2load.log");
  }

  /** What was measured until now. */
  GatewayTable table() {
    return table;
  }

  /** All runs of one whose clients come in clear text. */
  void inClear(Contestant who) {
    // first: what a governor was commanded it remembers, and a pin is none of the crowd's
    if (!plan.brief()) {
      crowd(who);
    }
    measure(who);
  }

  /** All runs of one whose clients come in TLS: kept connections, and a new one each time. */
  void inTls(Contestant who) {
    Child child = begin(who);
    String small = who.url("/x");
    add(who, child, "TLS small", wrk(small, plan.connections()));
    if (plan.h2load()) {
      http2(who, child, "TLS h2");
    }
    List<String> large = wrk(who.url("/large"), LARGE_CONNECTIONS);
    warm(who, child, large, plan.seconds());
    add(who, child, "TLS 1 MiB", large);
    List<String> closing = Wrk.closing(small, plan.connections(), plan.seconds());
    warm(who, child, closing, plan.seconds());
    add(who, child, "TLS new", closing);
    bench.children().stop(child);
  }

  private void measure(Contestant who) {
    Child child = begin(who);
    String small = who.url("/x");
    add(who, child, "small", wrk(small, plan.connections()));
    if (plan.h2load()) {
      add(
          who,
          child,
          "paced",
          H2Load.paced(small, plan.connections(), plan.paced(), plan.seconds(), log));
    }
    if (plan.h2load() && !plan.brief()) {
      http2(who, child, "h2c");
    }
    if (!plan.brief()) {
      add(who, child, "1 MiB", wrk(who.url("/large"), LARGE_CONNECTIONS));
    }
    who.steer().ifPresent(steer -> steer.command("close", new JsonObject()));
    List<String> refused = wrk(who.url("/shed/x"), REFUSED_FACTOR * plan.connections());
    warm(who, child, refused, plan.seconds());
    add(who, child, "refused", refused);
    if (who.steer().isPresent()) {
      Steer steer = who.steer().get();
      steer.command("begin", new JsonObject());
      steer.command("pin", new JsonObject().put("rps", PINNED));
      add(who, child, "ramping", refused);
    }
    bench.children().stop(child);
  }

  /** Many connections, in a process that has seen nothing else; and what is left of it then. */
  private void crowd(Contestant who) {
    Child child = begin(who);
    String small = who.url("/x");
    for (int each : plan.many()) {
      add(who, child, each + " conns", wrk(small, each));
    }
    who.steer().ifPresent(steer -> say("%s after these: %s".formatted(who.name(), steer.phase())));
    warm(who, child, wrk(small, plan.connections()), plan.seconds());
    add(who, child, "after", wrk(small, plan.connections()));
    bench.children().stop(child);
  }

  private void http2(Contestant who, Child child, String what) {
    List<String> load =
        H2Load.http2(
            who.http2Url("/x"), plan.connections() / STREAMS, STREAMS, plan.seconds(), log);
    warm(who, child, load, plan.seconds());
    add(who, child, what, load);
  }

  private Child begin(Contestant who) {
    Child child = bench.children().start(who.name().replace(' ', '-'), out, who.command());
    String terms = StartBench.served(who, child, bench.ticker());
    say("%s serves in %s".formatted(who.name(), terms));
    List<String> load = Wrk.command(who.url("/x"), plan.connections(), WARM_SECONDS);
    warm(who, child, load, WARM_SECONDS);
    Optional<String> phase = who.steer().map(Steer::phase);
    if (!phase.orElse("OPEN").equals("OPEN")) {
      throw new RunFailedException("%s is not open but %s".formatted(who.name(), phase.get()));
    }
    return child;
  }

  private List<String> wrk(String url, int connections) {
    return Wrk.command(url, connections, plan.seconds());
  }

  /** Until the compiler is done, and the governor has made up its mind. */
  private void warm(Contestant who, Child child, List<String> command, int roundSeconds) {
    for (int i = 0; i < WARM_ROUNDS; i++) {
      ProcessCost before = ProcessCost.of(child.process().pid());
      var unused = load(command, roundSeconds);
      boolean compiles = ProcessCost.of(child.process().pid()).compiling(before) > COMPILING;
      String phase = who.steer().map(Steer::phase).orElse("OPEN");
      boolean ramps = !Set.of("OPEN", "OUTAGE").contains(phase);
      if (!compiles && !ramps) {
        return;
      }
    }
  }

  private void add(Contestant who, Child child, String what, List<String> command) {
    ProcessCost before = ProcessCost.of(child.process().pid());
    Load load = load(command, plan.seconds());
    ProcessCost after = ProcessCost.of(child.process().pid());
    double micros = (after.cpuMillis() - before.cpuMillis()) * 1e3 / Math.max(1, load.requests());
    say(
        "%s: %s: %.1f us of CPU, p99 %.2f ms, RSS %d MB"
            .formatted(who.name(), what, micros, load.p99Millis(), after.residentKib() / 1024));
    table.add(who.name(), what, new GatewayTable.Figure(load, micros, after.residentKib()));
  }

  private Load load(List<String> command, int runSeconds) {
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

  private void say(String line) {
    bench.console().line(line);
  }
}

package io.trafficgovernor.loadtest.bench;

import io.trafficgovernor.admission.Ticker;
import io.trafficgovernor.loadtest.bench.contestant.Contestant;
import io.trafficgovernor.loadtest.fleet.RunFailedException;
import io.trafficgovernor.loadtest.process.Children;
import io.trafficgovernor.loadtest.process.Children.Child;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * How long processes take from their start to the first request they serve, and what memory they
 * have then. They are started in turn, several times; what counts is the middle one.
 */
final class StartBench {
  private static final long BOUND_NANOS = 60_000_000_000L;
  private static final long PAUSE_MILLIS = 5;

  private final Children children;
  private final Ticker ticker;
  private final Path out;

  StartBench(Children children, Ticker ticker, Path out) {
    this.children = children;
    this.ticker = ticker;
    this.out = out;
  }

  /**
   * One process's figures.
   *
   * @param millis from its start to its first answer with status 200
   * @param residentKib of memory then
   */
  record Start(String who, long millis, long residentKib) {}

  /** Starts each that often, in turn. */
  List<Start> run(List<Contestant> contestants, int times) {
    var all = new TreeMap<Integer, List<Start>>();
    for (int i = 0; i < times; i++) {
      for (int each = 0; each < contestants.size(); each++) {
        all.computeIfAbsent(each, none -> new ArrayList<>()).add(once(contestants.get(each)));
      }
    }
    return all.values().stream().map(StartBench::median).toList();
  }

  /** The middle one by time. Pure. */
  static Start median(List<Start> starts) {
    return starts.stream()
        .sorted((a, b) -> Long.compare(a.millis(), b.millis()))
        .toList()
        .get(starts.size() / 2);
  }

  /** Starts it, and ends it once it has served. */
  Start once(Contestant who) {
    long begun = ticker.nanos();
    Child child = children.start("start-" + who.name().replace(' ', '-'), out, who.command());
    try {
      String unused = served(who, child, ticker);
      long millis = (ticker.nanos() - begun) / 1_000_000;
      return new Start(who.name(), millis, ProcessCost.of(child.process().pid()).residentKib());
    } finally {
      children.stop(child);
    }
  }

  /**
   * Waits until what was just started serves.
   *
   * @return on which terms, for people
   * @throws RunFailedException if it ended, or does not serve within a minute
   */
  static String served(Contestant who, Child child, Ticker ticker) {
    long begun = ticker.nanos();
    try {
      while (true) {
        Optional<String> terms = who.served();
        if (terms.isPresent()) {
          return terms.get();
        }
        boolean ended = child.process().waitFor(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        if (ended || ticker.nanos() - begun > BOUND_NANOS) {
          throw new RunFailedException(who.name() + " serves nothing, see " + child.log());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RunFailedException("interrupted during the start of " + who.name(), e);
    }
  }

  /** For people: each beside the first. Pure. */
  static List<String> lines(List<Start> starts) {
    List<String> lines = new ArrayList<>();
    for (Start each : starts) {
      lines.add(
          "%-22s first served after %5d ms (%.2f x), RSS %.0f MB"
              .formatted(
                  each.who(),
                  each.millis(),
                  (double) each.millis() / Math.max(1, starts.get(0).millis()),
                  each.residentKib() / 1024.0));
    }
    return lines;
  }

  /** For programs. Pure. */
  static JsonObject json(List<Start> starts) {
    JsonObject all = new JsonObject();
    for (Start each : starts) {
      all.put(
          each.who(),
          new JsonObject().put("millis", each.millis()).put("rss_kib", each.residentKib()));
    }
    return all;
  }
}

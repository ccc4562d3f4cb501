package io.trafficgovernor.loadtest.fault;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.loadtest.judge.Check;
import io.trafficgovernor.loadtest.judge.Envelope;
import io.trafficgovernor.loadtest.judge.Judgement;
import io.trafficgovernor.loadtest.record.RunRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The rows of a run, and what they were to show.
 *
 * @param left faults that could not be played, and why
 * @param driver how well the clients did their part
 */
public record FaultReport(
    FaultJudge.Setup setup,
    boolean apart,
    List<FaultRow> rows,
    List<Left> left,
    RunRecord.Driver driver) {
  /** Success of the two top classes that is asked for while nothing is wrong. */
  public static final double CRITICAL = 0.99;

  private static final double LONGEST_DELAY_SECONDS = 0.25;

  /**
   * A ceiling below this is used by too few requests in a second: what all nodes may use in it
   * comes in whole requests, and their nodes' shares move with demands that are chance.
   */
  static final double LEAST_PER_SECOND = 200;

  /** A lease, and the next renewal. */
  private static final double LEASE_SECONDS = 1.5;

  /** Until all of a cluster that was killed at once serve as before. */
  private static final double ALL_BACK_SECONDS = 60;

  /** From a fault's end, or from the removal of a victim, to the ceiling in full. */
  private static final double BACK_SECONDS = 1;

  /** A fault that could not be played, and why. */
  public record Left(FaultCase fault, String why) {
    String words() {
      return fault.words() + ": " + why;
    }

    private Check check() {
      return Check.none(fault.id() + "-played", 1, fault.words()).inconclusive(why);
    }
  }

  public FaultReport {
    requireNonNull(setup, "setup");
    requireNonNull(driver, "driver");
    rows = List.copyOf(rows);
    left = List.copyOf(left);
  }

  /** What the checks say together. */
  public Check.Outcome verdict() {
    return Judgement.verdict(checks());
  }

  /** All checks; their ids begin with the fault's. */
  public List<Check> checks() {
    List<Check> checks = new ArrayList<>();
    for (FaultRow row : rows) {
      String id = row.played().fault().id();
      for (Envelope.Worst worst : row.excess()) {
        checks.add(envelope(id, row, worst));
      }
      checks.add(row.played().fault().ofLoad() ? used(id, row) : back(id, row));
      checks.add(critical(id, row));
    }
    left.forEach(each -> checks.add(each.check()));
    return driver.overflow() == 0
        ? checks
        : checks.stream()
            .map(each -> each.inconclusive(driver.overflow() + " attempts were not made"))
            .toList();
  }

  private static Check envelope(String id, FaultRow row, Envelope.Worst worst) {
    Check check =
        Check.atMost(
            "%s-envelope-%.0fms".formatted(id, worst.seconds() * 1000),
            OptionalDouble.of(worst.beyond()),
            worst.bound(),
            "requests at the store beyond the pinned ceiling, bar B; J %.0f ms"
                .formatted(row.delaySeconds() * 1000));
    return row.delaySeconds() > LONGEST_DELAY_SECONDS
        ? check.inconclusive("J is over %.0f ms".formatted(LONGEST_DELAY_SECONDS * 1000))
        : check;
  }

  /**
   * Longest time the survivors may need: what the fault itself lasts if it is shorter than the
   * grid's patience, else the removal of the victim.
   */
  private static double bar(FaultRow row) {
    return switch (row.played().fault()) {
      case KILL_OWNER, KILL_OTHER, KILL_TWO, STOP_LONG, CUT_OWNER, CUT_OTHERS, CLOCK ->
          row.removedSeconds().isPresent()
              ? row.removedSeconds().getAsDouble() + BACK_SECONDS
              : LEASE_SECONDS;
      case STOP_SHORT -> row.played().fault().hold().toSeconds() + BACK_SECONDS;
      case CLIENT_COMES, CLIENT_DIES -> LEASE_SECONDS;
      case ROLLING -> 2 * LEASE_SECONDS;
      case SKEW, HOT_NODE -> throw new IllegalStateException("nobody is away");
      case RESTART_OF_ALL -> ALL_BACK_SECONDS;
    };
  }

  private static Check used(String id, FaultRow row) {
    return Check.atLeast(
        id + "-used",
        OptionalDouble.of(row.used()),
        Usage.GOOD,
        "part of the ceiling that was used; lowest second %.0f %%".formatted(100 * row.lowest()));
  }

  private Check back(String id, FaultRow row) {
    Check check =
        Check.atMost(
            id + "-back",
            row.played().settled() ? OptionalDouble.of(row.backSeconds()) : OptionalDouble.empty(),
            bar(row),
            "seconds until 95 %% of the ceiling was used again; lowest second %.0f %%"
                .formatted(100 * row.lowest()));
    return setup.ceilingPerSecond() < LEAST_PER_SECOND
        ? check.inconclusive("a ceiling below %.0f/s cannot tell".formatted(LEAST_PER_SECOND))
        : check;
  }

  private Check critical(String id, FaultRow row) {
    boolean nobody = row.played().fault() == FaultCase.RESTART_OF_ALL;
    boolean within = nobody || row.criticalWithin() >= setup.criticalFloor();
    double bar = nobody ? 0 : CRITICAL;
    Check after =
        Check.atLeast(
            id + "-critical",
            OptionalDouble.of(row.criticalAfter()),
            bar,
            ("success of the two top classes at the survivors once they were back; before, %.3f,"
                    + " bar %.3f; %d attempts")
                .formatted(row.criticalWithin(), setup.criticalFloor(), row.criticals()));
    return within
        ? after
        : new Check(
            after.id() + "-before",
            row.criticalWithin(),
            setup.criticalFloor(),
            Check.Outcome.FAIL,
            after.note());
  }

  /** The head of the table. */
  static String head() {
    return "%-47s %15s %15s %8s %8s %8s %7s %7s %8s %8s  %s"
        .formatted(
            "fault",
            "excess 100ms/B",
            "excess 1s/B",
            "removed",
            "back s",
            "rejoin s",
            "lowest",
            "used",
            "crit. in",
            "crit. aft",
            "whom");
  }

  /** One row for a terminal. */
  public static String line(FaultRow row) {
    return "%-47s %15s %15s %8s %8.2f %8.2f %6.0f%% %6.1f%% %7.1f%% %8.1f%%  %s%s"
        .formatted(
            row.played().fault().words(),
            excess(row.excess().get(0)),
            excess(row.excess().get(1)),
            removed(row),
            row.backSeconds(),
            row.rejoinSeconds(),
            100 * row.lowest(),
            100 * row.used(),
            100 * row.criticalWithin(),
            100 * row.criticalAfter(),
            row.played().note(),
            row.played().settled() ? "" : " NOT SETTLED");
  }

  static String excess(Envelope.Worst worst) {
    return "%.1f / %.1f".formatted(worst.beyond(), worst.bound());
  }

  static String removed(FaultRow row) {
    return row.removedSeconds().isPresent()
        ? "%.2f".formatted(row.removedSeconds().getAsDouble())
        : "-";
  }

  /** The whole table, the checks that failed, the verdict. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(head());
    rows.forEach(row -> lines.add(line(row)));
    left.forEach(each -> lines.add("not played: " + each.words()));
    lines.add("");
    checks().stream()
        .filter(check -> !check.pass())
        .forEach(
            check ->
                lines.add(
                    "%s %s: %s, bar %.2f: %s"
                        .formatted(
                            check.outcome(),
                            check.id(),
                            check.value() == null ? "-" : "%.2f".formatted(check.value()),
                            check.bar(),
                            check.note())));
    lines.add("%d checks, verdict: %s".formatted(checks().size(), verdict()));
    return lines;
  }
}

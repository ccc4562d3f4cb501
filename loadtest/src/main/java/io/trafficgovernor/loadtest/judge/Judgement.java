package io.trafficgovernor.loadtest.judge;

import io.trafficgovernor.loadtest.judge.Check.Outcome;
import io.trafficgovernor.loadtest.plan.TrafficClass;
import io.trafficgovernor.loadtest.record.ArrivalColumns;
import io.trafficgovernor.loadtest.record.AttemptLog;
import io.trafficgovernor.loadtest.record.RunRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** The checks of a replay. */
public final class Judgement {
  private static final double CRITICAL_SECONDS = 5;
  private static final int CRITICAL_CLASSES = 2;
  private static final double ORDER_TOLERANCE_SECONDS = 1;
  private static final double LONGEST_DELAY_SECONDS = 0.25;
  private static final long WELL_NANOS = 2_000_000_000L;
  private static final double WELL_FAILURES = 0.01;
  private static final List<Double> WINDOWS_SECONDS = List.of(0.1, 1.0);

  /** Fewer judged requests than this prove nothing about the envelope. */
  private static final int FEWEST_JUDGED = 1_000;

  private final Bars bars;

  /**
   * What the harness knows of its own set-up.
   *
   * @param nodes governors
   * @param eventLoopsPerNode threads of each that may be between the late check and the socket
   * @param allBackSeconds longest that the return of all may take
   */
  public record Bars(int nodes, int eventLoopsPerNode, double allBackSeconds) {}

  public Judgement(Bars bars) {
    this.bars = bars;
  }

  /** What all the checks together say: pass only if each one passed. */
  public static Outcome verdict(List<Check> checks) {
    if (checks.stream().anyMatch(check -> check.outcome() == Outcome.FAIL)) {
      return Outcome.FAIL;
    }
    boolean all = !checks.isEmpty() && checks.stream().allMatch(Check::pass);
    return all ? Outcome.PASS : Outcome.INCONCLUSIVE;
  }

  /** The restoration that a whole run shows. */
  public static Restoration restoration(RunRecord run) {
    return Restoration.of(
        run.population(),
        run.attempts(),
        run.moments().returnedNanos(),
        run.moments().endedNanos());
  }

  /** The checks of a governed run; their ids begin with the run's name. */
  public List<Check> governed(RunRecord run) {
    List<Check> checks = new ArrayList<>();
    checks.add(wellBefore(run));
    checks.addAll(restored(run, restoration(run)));
    checks.addAll(envelope(run));
    Collapse collapse = Collapse.of(run);
    checks.add(
        Check.none(
            id(run, "no-second-collapse"),
            collapse.count(),
            "restarts of the store (%d) and returns to OUTAGE (%d)"
                .formatted(collapse.restarts(), collapse.outages())));
    checks.add(
        Check.none(
            id(run, "probes-first"),
            requestsBeforeProbe(run),
            "requests that reached the store after its return and before a probe did"));
    checks.add(meters(run));
    checks.addAll(Promises.of(run));
    return checks.stream().map(check -> spoiled(check, run)).toList();
  }

  /**
   * The checks of a run in which governors were killed and stopped: the envelope holds, the store
   * never falls again, and everything comes back. Neither order nor meters are judged: a killed
   * governor takes its clients' connections and its own counts with it.
   */
  public List<Check> disturbed(RunRecord run) {
    List<Check> checks = new ArrayList<>(safe(run));
    checks.add(spoiled(allBack(run, restoration(run)), run));
    return checks;
  }

  /** The checks of safety alone: it was well before, no surge, and the store never falls again. */
  public List<Check> safe(RunRecord run) {
    List<Check> checks = new ArrayList<>();
    checks.add(wellBefore(run));
    checks.addAll(envelope(run));
    checks.add(
        Check.none(
            id(run, "no-second-collapse"),
            Collapse.of(run).restarts(),
            "restarts of the store after its return"));
    checks.addAll(Promises.ofDisturbed(run));
    return checks.stream().map(check -> spoiled(check, run)).toList();
  }

  private Check allBack(RunRecord run, Restoration restoration) {
    return Check.atMost(
        id(run, "all-back"),
        restoration.allClassesSeconds(),
        bars.allBackSeconds(),
        "seconds until the last class was back");
  }

  private List<Check> restored(RunRecord run, Restoration restoration) {
    List<Check> checks = new ArrayList<>();
    for (TrafficClass each : run.population().classes().subList(0, CRITICAL_CLASSES)) {
      Back back = restoration.of(each.name());
      checks.add(
          Check.atMost(
              id(run, each.name() + "-back"),
              back.seconds(),
              CRITICAL_SECONDS,
              "seconds from the store's return; " + back.text()));
    }
    checks.add(
        Check.atMost(
            id(run, "parents-first"),
            restoration.worstInversionSeconds(run.population()),
            ORDER_TOLERANCE_SECONDS,
            "most seconds that a class was back before one of its parents"));
    checks.add(allBack(run, restoration));
    checks.add(
        Check.none(
            id(run, "systems-back"),
            restoration.systemsNeverBack(),
            "systems that never were back, of those with first attempts enough to tell"));
    return checks;
  }

  /** Without this, a run whose clients never got anything would prove that it stays down. */
  private static Check wellBefore(RunRecord run) {
    long died = run.moments().diedNanos();
    AttemptLog log = run.attempts();
    int all = 0;
    int bad = 0;
    for (int i = 0; i < log.size(); i++) {
      long ago = died - WELL_NANOS - log.plannedNanos(i);
      if (log.first(i) && ago <= WELL_NANOS && ago >= 0) {
        all++;
        bad += log.ending(i).good() ? 0 : 1;
      }
    }
    OptionalDouble share =
        all == 0 ? OptionalDouble.empty() : OptionalDouble.of(bad / (double) all);
    return Check.atMost(
        id(run, "well-before"),
        share,
        WELL_FAILURES,
        "failed part of the first attempts shortly before the store died");
  }

  /** The check that everything was OPEN again in the end. */
  public Check reopened(RunRecord run, double withinSeconds) {
    OptionalDouble seconds =
        run.reopenedSeconds().map(OptionalDouble::of).orElse(OptionalDouble.empty());
    return Check.atMost(
        id(run, "open-again"), seconds, withinSeconds, "seconds until every governor was OPEN");
  }

  /**
   * The negative control: it was well before, and without the governor it does not recover.
   *
   * @param governed the run to compare with; null if there was none
   */
  public List<Check> control(RunRecord control, @Nullable RunRecord governed) {
    return List.of(spoiled(wellBefore(control), control), staysDown(control, governed));
  }

  private static Check staysDown(RunRecord control, @Nullable RunRecord governed) {
    Restoration restoration = restoration(control);
    int classes = restoration.classes().size();
    double ran = control.moments().sinceReturn(control.moments().endedNanos());
    OptionalDouble needed =
        governed == null ? OptionalDouble.empty() : restoration(governed).allClassesSeconds();
    double within = needed.orElse(ran);
    Check check =
        Check.below(
            id(control, "stays-down"),
            OptionalDouble.of(restoration.classesWithin(within)),
            classes,
            "classes back within %.1f s".formatted(within));
    if (needed.isEmpty()) {
      return check.inconclusive("no governed run recovered to compare with");
    }
    return ran < within
        ? check.inconclusive("it ran for %.1f s only".formatted(ran))
        : spoiled(check, control);
  }

  private List<Check> envelope(RunRecord run) {
    Envelope.Finding finding =
        Envelope.judge(
            run.arrivals(),
            run.nodes(),
            new Envelope.Setup(bars.nodes(), bars.eventLoopsPerNode(), run.moments().diedNanos()),
            WINDOWS_SECONDS);
    List<Check> checks = new ArrayList<>();
    for (Envelope.Worst worst : finding.worst()) {
      checks.add(
          unless(
              Check.atMost(
                  id(run, "envelope-%dms".formatted(Math.round(worst.seconds() * 1000))),
                  OptionalDouble.of(worst.beyond()),
                  worst.bound(),
                  "requests beyond the ceiling's tokens, bar B; J %.0f ms, %d requests judged"
                      .formatted(finding.delaySeconds() * 1000, finding.judged())),
              finding,
              run.arrivals()));
    }
    return checks;
  }

  private static Check unless(Check check, Envelope.Finding finding, ArrivalColumns arrivals) {
    if (finding.unstamped() > 0) {
      return check.inconclusive(finding.unstamped() + " requests without a valid stamp");
    }
    if (finding.delaySeconds() > LONGEST_DELAY_SECONDS) {
      return check.inconclusive("J is over %.0f ms".formatted(LONGEST_DELAY_SECONDS * 1000));
    }
    if (finding.judged() < FEWEST_JUDGED) {
      return check.inconclusive("fewer than %d requests judged".formatted(FEWEST_JUDGED));
    }
    return arrivals.lost() > 0
        ? check.inconclusive(arrivals.lost() + " arrivals are not in the log")
        : check;
  }

  private static long requestsBeforeProbe(RunRecord run) {
    ArrivalColumns arrivals = run.arrivals();
    long before = 0;
    for (int index = 0; index < arrivals.size(); index++) {
      if (arrivals.arrivedNanos(index) >= run.moments().returnedNanos()) {
        if (arrivals.probe(index)) {
          return before;
        }
        before++;
      }
    }
    return before;
  }

  private static Check meters(RunRecord run) {
    String id = id(run, "meters-agree");
    return run.readMeters()
        .map(
            meters ->
                Check.none(
                    id,
                    Math.abs(meters.sent() - meters.arrived()),
                    "governor.backend.requests %d, the store's log %d"
                        .formatted(meters.sent(), meters.arrived())))
        .orElseGet(
            () ->
                Check.atMost(id, OptionalDouble.empty(), 0, "difference")
                    .inconclusive("the meters were not read"));
  }

  private static Check spoiled(Check check, RunRecord run) {
    long missing = run.driver().overflow() + run.attempts().lost();
    return missing > 0 && check.outcome() != Outcome.INCONCLUSIVE
        ? check.inconclusive(
            "%d attempts were not made or not noted, a bound was reached".formatted(missing))
        : check;
  }

  private static String id(RunRecord run, String what) {
    return run.name() + "-" + what;
  }
}

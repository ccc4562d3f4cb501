package io.trafficgovernor.loadtest.fault;

import io.trafficgovernor.loadtest.judge.Envelope;
import io.trafficgovernor.loadtest.plan.Population;
import io.trafficgovernor.loadtest.record.ArrivalColumns;
import io.trafficgovernor.loadtest.record.AttemptLog;
import io.trafficgovernor.loadtest.record.NodeSample;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * Measures faults by the store's arrival log against the ceiling that the operator pinned, which is
 * no governor's word, and by what the clients saw. Pure.
 */
public final class FaultJudge {
  static final List<Double> WINDOWS_SECONDS = List.of(0.1, 1.0);

  /** The most that a silent node may still use, which is kept for it: 0.3 of an equal part. */
  private static final double FAIL_SAFE = 0.3;

  private static final int CRITICAL_RANKS = 2;
  private static final long SECOND = 1_000_000_000L;

  private final Setup setup;
  private final ArrivalColumns arrivals;
  private final AttemptLog attempts;
  private final List<NodeSample> samples;

  /**
   * What was measured with.
   *
   * @param nodes all that share the ceiling
   * @param voters members of the grid
   * @param eventLoops threads of each node that serve clients
   * @param ceilingPerSecond as it was pinned
   */
  public record Setup(
      int nodes, int voters, int eventLoops, double ceilingPerSecond, Population population) {
    /**
     * What an isolated node may use, of what the two top classes ask of it: clients ask the voters,
     * but each part is one of all nodes'.
     */
    public double criticalFloor() {
      double asked = 0;
      for (int system = 0; system < population.systems().size(); system++) {
        if (population.rank(system) < CRITICAL_RANKS) {
          asked += population.ratePerSecond() * population.systems().get(system).share();
        }
      }
      return Math.min(1, FAIL_SAFE * ceilingPerSecond * voters / (nodes * asked));
    }
  }

  /** Of what these left behind. */
  public FaultJudge(
      Setup setup, ArrivalColumns arrivals, AttemptLog attempts, List<NodeSample> samples) {
    this.setup = setup;
    this.arrivals = arrivals;
    this.attempts = attempts;
    this.samples = List.copyOf(samples);
  }

  /** What the others may use while a share is kept for so many silent nodes. */
  public static double usable(double ceilingPerSecond, int nodes, int silent) {
    return ceilingPerSecond * (1 - silent * FAIL_SAFE / nodes);
  }

  /** The row of one fault. */
  public FaultRow row(Played played) {
    long began = played.beganNanos();
    Envelope.Finding finding = envelope(began, played.settledNanos());
    int silent = played.fault() == FaultCase.ROLLING ? 0 : played.victims().size();
    Usage survivors =
        new Usage(requests(), usable(setup.ceilingPerSecond(), setup.nodes(), silent));
    Usage all = new Usage(requests(), setup.ceilingPerSecond());
    double back = back(played, survivors);
    double rejoin =
        last(all.dips(played.undoneNanos(), played.settledNanos()), played.undoneNanos());
    long good = began + (long) (back * 1e9);
    int[] within = critical(played, began, Math.max(good, began + SECOND));
    int[] after = critical(played, good, ended(played));
    return new FaultRow(
        played,
        finding.worst(),
        finding.delaySeconds(),
        removed(played),
        back,
        rejoin,
        survivors.lowest(began, Math.max(played.undoneNanos(), began + SECOND)),
        survivors.mean(began, ended(played)),
        share(within),
        share(after),
        within[0] + after[0]);
  }

  /** A restart of each in turn has many ends: there its longest dip is told. */
  private static double back(Played played, Usage survivors) {
    long began = played.beganNanos();
    if (played.fault() == FaultCase.ROLLING) {
      return survivors.dips(began, played.settledNanos()).stream()
          .mapToDouble(Usage.Dip::seconds)
          .max()
          .orElse(0);
    }
    return last(survivors.dips(began, ended(played)), began);
  }

  /** When the fault itself was over; where undoing is all there is of it, when all was well. */
  private static long ended(Played played) {
    return played.fault().hold().isZero() ? played.settledNanos() : played.undoneNanos();
  }

  private static double last(List<Usage.Dip> dips, long fromNanos) {
    return dips.isEmpty() ? 0 : (dips.get(dips.size() - 1).untilNanos() - fromNanos) / 1e9;
  }

  private long[] requests() {
    return IntStream.range(0, arrivals.size())
        .filter(index -> !arrivals.probe(index))
        .mapToLong(arrivals::arrivedNanos)
        .toArray();
  }

  private Envelope.Finding envelope(long fromNanos, long untilNanos) {
    ArrivalColumns within = new ArrivalColumns();
    for (int index = 0; index < arrivals.size(); index++) {
      if (!arrivals.probe(index) && arrivals.arrivedNanos(index) <= untilNanos) {
        within.add(arrivals.arrivedNanos(index), arrivals.sentNanos(index), "request");
      }
    }
    return Envelope.judge(
        within,
        pinned(fromNanos, untilNanos),
        new Envelope.Setup(setup.nodes(), setup.eventLoops(), fromNanos),
        WINDOWS_SECONDS);
  }

  /** The operator's word in the place of the governors': one ceiling, all the time. */
  private List<NodeSample> pinned(long fromNanos, long untilNanos) {
    List<NodeSample> line = new ArrayList<>();
    for (long at = fromNanos - 2 * SECOND; at <= untilNanos + SECOND; at += SECOND) {
      line.add(
          new NodeSample(0, at, at, "FROZEN", 0, setup.ceilingPerSecond(), 0, 0, 0, List.of()));
    }
    return line;
  }

  /** When a survivor first saw fewer members than there are. */
  private OptionalDouble removed(Played played) {
    return samples.stream()
        .filter(each -> !played.victims().contains(each.node()) && each.node() < setup.voters())
        .filter(each -> each.askedNanos() >= played.beganNanos())
        .filter(each -> each.toldNanos() <= played.undoneNanos())
        .filter(each -> each.gridMembers() > 0 && each.gridMembers() < setup.voters())
        .mapToDouble(each -> (each.toldNanos() - played.beganNanos()) / 1e9)
        .min();
  }

  /** First attempts of the two top classes at survivors, and those of them that went well. */
  private int[] critical(Played played, long fromNanos, long untilNanos) {
    int[] counts = new int[2];
    for (int i = 0; i < attempts.size(); i++) {
      long planned = attempts.plannedNanos(i);
      if (attempts.first(i)
          && planned >= fromNanos
          && planned < untilNanos
          && setup.population().rank(attempts.system(i)) < CRITICAL_RANKS
          && survives(played, attempts.door(i))) {
        counts[0]++;
        counts[1] += attempts.ending(i).good() ? 1 : 0;
      }
    }
    return counts;
  }

  /**
   * Whether the ceiling was used, in each second, and the two top classes were served, wherever
   * they went, between two instants. Before a fault it has to be so: what is counted in one could
   * otherwise be the start's doing.
   */
  public boolean calm(long fromNanos, long untilNanos) {
    return new Usage(requests(), setup.ceilingPerSecond()).lowest(fromNanos, untilNanos)
            >= Usage.GOOD
        && criticalSuccess(fromNanos, untilNanos) >= FaultReport.CRITICAL;
  }

  private double criticalSuccess(long fromNanos, long untilNanos) {
    int all = 0;
    int good = 0;
    for (int i = 0; i < attempts.size(); i++) {
      long planned = attempts.plannedNanos(i);
      if (attempts.first(i)
          && planned >= fromNanos
          && planned < untilNanos
          && setup.population().rank(attempts.system(i)) < CRITICAL_RANKS) {
        all++;
        good += attempts.ending(i).good() ? 1 : 0;
      }
    }
    return all == 0 ? 0 : (double) good / all;
  }

  private boolean survives(Played played, int door) {
    boolean allFall = played.victims().size() == setup.voters();
    return allFall || !played.victims().contains(door);
  }

  private static double share(int[] counts) {
    return counts[0] == 0 ? 1 : (double) counts[1] / counts[0];
  }
}

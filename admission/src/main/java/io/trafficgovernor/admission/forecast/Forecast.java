package io.trafficgovernor.admission.forecast;

import io.trafficgovernor.admission.order.Cutoff;
import io.trafficgovernor.admission.pool.TokenPool;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The ceiling over time if it goes on growing as it does ({@link Trend}), within the plan: when
 * each class is let in, when everything fits, and how far the arrivals may exceed the ceiling at
 * worst. A forecast of the demand and the growth of now: evidence may hold or cut the ceiling at
 * any time.
 *
 * @param points the ceiling at each second, until it covers the demand; at most {@value
 *     #MAX_SECONDS} and one
 * @param opensInSeconds for each class when all of it passes the cutoff; empty if not in sight
 * @param fullInSeconds when the ceiling covers {@value #OPEN_HEADROOM} of the demand; empty if not
 *     in sight
 * @param worstExcessTokens B at the highest ceiling: most requests beyond the ceiling in 1 s
 */
public record Forecast(
    List<Point> points,
    List<OptionalDouble> opensInSeconds,
    OptionalDouble fullInSeconds,
    double worstExcessTokens) {
  /** How far ahead it looks. */
  public static final int MAX_SECONDS = 3600;

  /** The ceiling over the demand that lets the recovery end. */
  public static final double OPEN_HEADROOM = 1.1;

  /** Requests of a node between the last look at its lease and the socket, and one for rounding. */
  private static final int ON_THE_WAY = 2;

  private static final double DRIFT = 1e-3;

  /** The ceiling at a time from now. */
  public record Point(double seconds, double ceilingPerSecond) {}

  public Forecast {
    points = List.copyOf(points);
    opensInSeconds = List.copyOf(opensInSeconds);
  }

  /** Looks an hour ahead, second by second. Pure. */
  public static Forecast of(Outlook outlook) {
    List<Point> points = new ArrayList<>();
    double wanted = OPEN_HEADROOM * outlook.totalDemand();
    double ceiling = 0;
    for (int second = 0; second <= MAX_SECONDS && (second == 0 || ceiling < wanted); second++) {
      ceiling = ceilingAt(outlook, second);
      points.add(new Point(second, ceiling));
    }
    List<OptionalDouble> opens = new ArrayList<>();
    double below = 0;
    for (double demand : outlook.demand()) {
      below += demand;
      opens.add(first(points, below / Cutoff.HEADROOM));
    }
    double highest = points.stream().mapToDouble(Point::ceilingPerSecond).max().orElseThrow();
    return new Forecast(points, opens, first(points, wanted), excess(highest, outlook));
  }

  private static double ceilingAt(Outlook outlook, int second) {
    double age = outlook.ageSeconds();
    double folds = Math.log1p(second / age);
    double free = outlook.ceilingPerSecond() * (1 + outlook.growthPerSecond() * age * folds);
    long rampNanos = outlook.rampNanos() + second * 1_000_000_000L;
    return Math.min(free, outlook.plan().limitPerSecond(rampNanos));
  }

  private static OptionalDouble first(List<Point> points, double ceiling) {
    return points.stream()
        .filter(point -> point.ceilingPerSecond() >= ceiling)
        .mapToDouble(Point::seconds)
        .findFirst();
  }

  /**
   * B: a burst for each node, what its bucket may owe for a request dearer than that, what is on
   * its way there, and the drift of the clocks.
   */
  private static double excess(double ceiling, Outlook outlook) {
    int nodes = outlook.nodes();
    double bursts = (nodes - 1) * TokenPool.MIN_BURST_TOKENS + TokenPool.burst(ceiling);
    double weights =
        (double) nodes * (outlook.largestCost() - 1 + ON_THE_WAY * outlook.largestCost());
    return bursts + weights + 2 * DRIFT * ceiling;
  }
}

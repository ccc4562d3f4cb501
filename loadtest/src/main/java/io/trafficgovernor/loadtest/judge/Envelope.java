package io.trafficgovernor.loadtest.judge;

import io.trafficgovernor.loadtest.record.ArrivalColumns;
import io.trafficgovernor.loadtest.record.NodeSample;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The envelope on the wire: in every window of length w, requests that reach the store are at most
 * the tokens that the ceiling allowed from J before the window to its end, and B more.
 *
 * <p>J is the longest time that any request of that very window was on its way, by the stamp the
 * governor put on it: a tighter J than the longest of the whole run, and as sound. Windows that
 * touch an instant at which some governor could have been OPEN are not judged. Probes do not count.
 */
public final class Envelope {
  /** The late check, the burst of a bucket and the clocks' drift: see {@link #bound}. */
  private static final double BURST_TOKENS = 5;

  private static final double BURST_SECONDS = 0.02;
  private static final double CLOCK_DRIFT = 1e-3;

  private final ArrivalColumns arrivals;
  private final int[] requests;
  private final CeilingLine line;
  private final int nodes;
  private final int eventLoops;

  /** What the arrivals of a run are measured with. */
  public record Setup(int nodes, int eventLoopsPerNode, long fromNanos) {}

  /**
   * The worst window of one length.
   *
   * @param seconds length of the window
   * @param beyond requests beyond what the ceiling allowed in the window that came nearest to its
   *     bound, or went farthest over it; negative if there always was room
   * @param bound what that window was allowed beyond
   * @param atNanos its end
   */
  public record Worst(double seconds, double beyond, double bound, long atNanos) {
    /** Requests over the bound; at most 0 if the envelope held. */
    public double over() {
      return beyond - bound;
    }
  }

  /**
   * What was found.
   *
   * @param delaySeconds J: the longest way of any judged request
   * @param judged requests that were in at least one judged window
   * @param unstamped requests without a stamp, or with one from the future
   */
  public record Finding(List<Worst> worst, double delaySeconds, int judged, int unstamped) {
    public Finding {
      worst = List.copyOf(worst);
    }
  }

  private Envelope(ArrivalColumns arrivals, List<NodeSample> samples, Setup setup) {
    this.arrivals = arrivals;
    this.line = CeilingLine.of(samples);
    this.nodes = setup.nodes();
    this.eventLoops = setup.eventLoopsPerNode();
    this.requests =
        IntStream.range(0, arrivals.size())
            .filter(
                index ->
                    !arrivals.probe(index) && arrivals.arrivedNanos(index) >= setup.fromNanos())
            .toArray();
  }

  /** Judges windows of these lengths in seconds. */
  public static Finding judge(
      ArrivalColumns arrivals, List<NodeSample> samples, Setup setup, List<Double> lengths) {
    Envelope envelope = new Envelope(arrivals, samples, setup);
    List<Worst> worst = lengths.stream().map(envelope::worst).toList();
    return envelope.finding(worst);
  }

  private Finding finding(List<Worst> worst) {
    double longest = 0;
    int judged = 0;
    int unstamped = 0;
    for (int request : requests) {
      long at = arrivals.arrivedNanos(request);
      if (!line.open(at, at)) {
        judged++;
        if (!stamped(request)) {
          unstamped++;
        } else {
          longest = Math.max(longest, delay(request) / 1e9);
        }
      }
    }
    return new Finding(worst, longest, judged, unstamped);
  }

  private boolean stamped(int request) {
    return arrivals.sentNanos(request) != ArrivalColumns.UNSTAMPED && delay(request) >= 0;
  }

  private long delay(int request) {
    return arrivals.arrivedNanos(request) - arrivals.sentNanos(request);
  }

  /** Slides a window over the arrivals; the worst one ends or begins with an arrival. */
  private Worst worst(double seconds) {
    long length = (long) (seconds * 1e9);
    Worst worst = new Worst(seconds, 0, bound(0, seconds), 0);
    Deque<Integer> longest = new ArrayDeque<>();
    boolean any = false;
    int first = 0;
    for (int last = 0; last < requests.length; last++) {
      long end = arrivals.arrivedNanos(requests[last]);
      while (end - arrivals.arrivedNanos(requests[first]) > length) {
        if (!longest.isEmpty() && longest.peekFirst() == first) {
          longest.removeFirst();
        }
        first++;
      }
      while (!longest.isEmpty() && way(longest.peekLast()) <= way(last)) {
        longest.removeLast();
      }
      longest.addLast(last);
      // Of all windows with these arrivals the one from the first of them on allows the least when
      // the ceiling falls, the one up to the last of them when it rises.
      long way = way(longest.peekFirst());
      int count = last - first + 1;
      for (long start : new long[] {arrivals.arrivedNanos(requests[first]), end - length}) {
        if (!line.open(start - way, start + length)) {
          Worst candidate = measure(start - way, start + length, count, seconds);
          if (!any || candidate.over() > worst.over()) {
            worst = candidate;
            any = true;
          }
        }
      }
    }
    return worst;
  }

  private long way(int position) {
    int request = requests[position];
    return stamped(request) ? delay(request) : 0;
  }

  private Worst measure(long fromNanos, long toNanos, int count, double seconds) {
    double bound = bound(line.highest(fromNanos, toNanos), seconds);
    return new Worst(seconds, count - line.tokens(fromNanos, toNanos), bound, toNanos);
  }

  /**
   * B without the descent, which the ceiling's memory of one lease length already covers: each
   * node's bucket holds max(5, 20 ms of its rate), each of its event loops may be between the late
   * check and the socket, and one token rounds; two clocks drift by 0.1 %. The rates of the nodes
   * add up to the ceiling, so their bursts are the most when one node has all of it.
   */
  double bound(double ceilingPerSecond, double seconds) {
    double bursts =
        (nodes - 1) * BURST_TOKENS + Math.max(BURST_TOKENS, BURST_SECONDS * ceilingPerSecond);
    return bursts + nodes * (eventLoops + 1) + 2 * CLOCK_DRIFT * ceilingPerSecond * seconds;
  }
}

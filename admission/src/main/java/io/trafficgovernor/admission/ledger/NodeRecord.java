package io.trafficgovernor.admission.ledger;

import io.trafficgovernor.admission.lease.ClassReport;
import io.trafficgovernor.admission.lease.Grant;
import io.trafficgovernor.admission.lease.NodeReport;
import io.trafficgovernor.admission.lease.Renewal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What the ledger knows of one node.
 *
 * @param incarnation of the process that holds the name
 * @param sequence of its last renewal
 * @param sentNanos of that renewal, on the node's ticker
 * @param reportedNanos when that renewal arrived, in ledger time
 * @param demand first attempts per second of each class, smoothed over 0.6 s
 * @param unreachableRun connection failures since the backend last answered this node
 * @param bookings grants that may still be in use, oldest first; at most {@value #MAX_BOOKINGS}
 * @param slotCredit parts of slots it has not been given yet
 * @param slots given with the last grant
 */
public record NodeRecord(
    String name,
    long incarnation,
    long sequence,
    long sentNanos,
    long reportedNanos,
    NodeReport report,
    List<Double> demand,
    int unreachableRun,
    List<Booking> bookings,
    double slotCredit,
    int slots) {
  private static final double DEMAND_MEMORY_SECONDS = 0.6;
  private static final int MAX_BOOKINGS = 16;

  /** How long an unsuperseded fail-safe share stays reserved; a little longer than it is used. */
  private static final long SHARE_NANOS = Grant.FAIL_SAFE_NANOS + Grant.FAIL_SAFE_NANOS / 100;

  public NodeRecord {
    demand = List.copyOf(demand);
    bookings = List.copyOf(bookings);
  }

  /** A node's first renewal: its counters are the origin of all differences. */
  static NodeRecord first(Renewal renewal, List<Booking> bookings, double credit, long nowNanos) {
    int classes = renewal.report().classes().size();
    return new NodeRecord(
        renewal.node(),
        renewal.incarnation(),
        renewal.sequence(),
        renewal.sentNanos(),
        nowNanos,
        renewal.report(),
        Collections.nCopies(classes, 0.0),
        0,
        bookings,
        credit,
        0);
  }

  /** After its next renewal. The demand is taken over the node's own clock. */
  NodeRecord reported(Renewal renewal, long nowNanos) {
    return new NodeRecord(
        name,
        incarnation,
        renewal.sequence(),
        renewal.sentNanos(),
        nowNanos,
        renewal.report(),
        demandAfter(renewal),
        unreachableRunAfter(renewal.report()),
        acknowledged(renewal.held().counter(), nowNanos),
        slotCredit,
        slots);
  }

  private List<Double> demandAfter(Renewal renewal) {
    double seconds = (renewal.sentNanos() - sentNanos) / 1e9;
    if (seconds <= 0) {
      return demand;
    }
    double weight = 1 - Math.exp(-seconds / DEMAND_MEMORY_SECONDS);
    List<Double> smoothed = new ArrayList<>();
    for (int rank = 0; rank < demand.size(); rank++) {
      ClassReport now = renewal.report().classes().get(rank);
      ClassReport before = report.classes().get(rank);
      double rate = (now.firstAttempts() - before.firstAttempts()) / seconds;
      smoothed.add(demand.get(rank) + weight * (rate - demand.get(rank)));
    }
    return smoothed;
  }

  private int unreachableRunAfter(NodeReport next) {
    long failed = 0;
    long answered = 0;
    for (int rank = 0; rank < next.classes().size(); rank++) {
      var outcomes =
          next.classes().get(rank).outcomes().minus(report.classes().get(rank).outcomes());
      failed += outcomes.unreachable();
      answered += outcomes.answers() + outcomes.refused();
    }
    return answered > 0 ? 0 : (int) Math.min(Integer.MAX_VALUE, unreachableRun + failed);
  }

  /** Without the bookings that the acknowledged grant superseded; dead ones keep their share. */
  private List<Booking> acknowledged(long heldCounter, long nowNanos) {
    boolean known = bookings.stream().anyMatch(b -> b.counter() == heldCounter);
    return bookings.stream()
        .filter(b -> !known || b.counter() >= heldCounter)
        .filter(b -> b.live(nowNanos) || b.failSafePerSecond() > 0)
        .toList();
  }

  /** With one more grant booked. */
  NodeRecord booked(Booking booking, double slotCredit, int slots) {
    List<Booking> next = new ArrayList<>(bookings);
    if (next.size() == MAX_BOOKINGS) {
      next.set(0, next.remove(0).merged(next.get(0)));
    }
    next.add(booking);
    return new NodeRecord(
        name,
        incarnation,
        sequence,
        sentNanos,
        reportedNanos,
        report,
        demand,
        unreachableRun,
        next,
        slotCredit,
        slots);
  }

  /** Another owner's clock drives the ledger now: no booking may end early. */
  NodeRecord rebased(long nowNanos, long expiresNanos) {
    List<Booking> extended =
        bookings.stream()
            .map(booking -> booking.live(nowNanos) ? booking.extendedTo(expiresNanos) : booking)
            .toList();
    return new NodeRecord(
        name,
        incarnation,
        sequence,
        sentNanos,
        reportedNanos,
        report,
        demand,
        unreachableRun,
        extended,
        slotCredit,
        slots);
  }

  /** Forgets the connection failures: a new ramp begins. */
  NodeRecord reachable() {
    return new NodeRecord(
        name,
        incarnation,
        sequence,
        sentNanos,
        reportedNanos,
        report,
        demand,
        0,
        bookings,
        slotCredit,
        slots);
  }

  /** Whether it holds a lease that may be valid. */
  boolean live(long nowNanos) {
    return bookings.stream().anyMatch(booking -> booking.live(nowNanos));
  }

  /** Whether nothing it was ever given can still be in use. */
  boolean forgettable(long nowNanos) {
    return !live(nowNanos) && nowNanos - reportedNanos > SHARE_NANOS;
  }

  /** Tokens per second it may be using: the largest of its bookings. */
  double reserved(long nowNanos) {
    boolean mayUseShare = nowNanos - reportedNanos <= SHARE_NANOS;
    return bookings.stream()
        .filter(booking -> mayUseShare || booking.live(nowNanos))
        .mapToDouble(booking -> booking.reserved(nowNanos))
        .max()
        .orElse(0);
  }

  /** The rate of the last grant, 0 if it has ended. */
  public double rate(long nowNanos) {
    Booking last = bookings.isEmpty() ? null : bookings.get(bookings.size() - 1);
    return last == null || !last.live(nowNanos) ? 0 : last.ratePerSecond();
  }
}

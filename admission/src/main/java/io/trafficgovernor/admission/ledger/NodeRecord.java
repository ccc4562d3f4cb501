package io.trafficgovernor.admission.ledger;

import io.trafficgovernor.admission.control.Brakes;
import io.trafficgovernor.admission.lease.ClassReport;
import io.trafficgovernor.admission.lease.Grant;
import io.trafficgovernor.admission.lease.NodeReport;
import io.trafficgovernor.admission.lease.Renewal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

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
 * @param continued whether the next report may be compared with this one; not if the ledger's clock
 *     stood still in between
 * @param turnNanos when its slots last went round, in ledger time; {@link Brakes#NEVER} if never
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
    int slots,
    boolean continued,
    long turnNanos) {
  private static final double DEMAND_MEMORY_SECONDS = 0.6;
  private static final int MAX_BOOKINGS = 16;

  /** How long a node that is heard of no more stays in the list, at least. */
  private static final long SHOWN_NANOS = Grant.FAIL_SAFE_NANOS;

  public NodeRecord {
    demand = List.copyOf(demand);
    bookings = List.copyOf(bookings);
  }

  /**
   * A process's first renewal: its counters are the origin of all differences.
   *
   * @param before what is left of the processes that had the name before
   */
  static NodeRecord first(Renewal renewal, List<Booking> before, double credit, long nowNanos) {
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
        before,
        credit,
        0,
        true,
        Brakes.NEVER);
  }

  /**
   * What its process leaves behind when another has its name, one booking at most. Requests that it
   * told of and that outlive their slots count on: nobody tells of them any more.
   *
   * @param dead incarnation of a process that is dead for certain
   */
  List<Booking> leftBehind(long dead) {
    return bookings.stream()
        .map(each -> each.without(dead).left())
        .reduce(Booking::merged)
        .map(each -> each.atLeast(report.inFlight() - 1))
        .stream()
        .toList();
  }

  /**
   * After its next renewal. The demand is taken over the node's own clock.
   *
   * @param lineage of this ledger: a grant of another acknowledges nothing here
   * @param sinceNanos see {@link LedgerState#askedSince}
   */
  NodeRecord reported(Renewal renewal, long lineage, long sinceNanos, long nowNanos) {
    long held = renewal.held().lineage() == lineage ? renewal.held().counter() : 0;
    return new NodeRecord(
        name,
        incarnation,
        renewal.sequence(),
        renewal.sentNanos(),
        nowNanos,
        renewal.report(),
        demandAfter(renewal),
        unreachableRunAfter(renewal.report()),
        acknowledged(held, renewal.succeeds(), sinceNanos, nowNanos),
        slotCredit,
        slots,
        true,
        turnNanos);
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
      failed += Math.round(outcomes.inRequests(outcomes.unreachable()));
      answered += outcomes.answers() + outcomes.refused();
    }
    return answered > 0 ? 0 : (int) Math.min(Integer.MAX_VALUE, unreachableRun + failed);
  }

  /** Without what the acknowledged grant superseded, what is over, and the share of the dead. */
  private List<Booking> acknowledged(long heldCounter, long dead, long sinceNanos, long nowNanos) {
    boolean known = bookings.stream().anyMatch(b -> own(b) && b.counter() == heldCounter);
    return bookings.stream()
        .map(b -> b.without(dead))
        .filter(b -> !known || !own(b) || b.counter() >= heldCounter)
        .filter(b -> b.matters(sinceNanos, nowNanos))
        .toList();
  }

  private boolean own(Booking booking) {
    return booking.incarnation() == incarnation;
  }

  private boolean grantedNow(Booking booking) {
    return own(booking) && !booking.carried();
  }

  /**
   * What it may still have of a ledger that is lost counts until it acknowledges a grant. One
   * booking more than grants may have, so that it never costs one of those.
   */
  NodeRecord carrying(double failSafePerSecond, long nowNanos) {
    double most = Math.max(failSafePerSecond, carried(nowNanos));
    if (most <= 0) {
      return this;
    }
    List<Booking> all = new ArrayList<>();
    all.add(Booking.carried(most, nowNanos, incarnation));
    bookings.stream().filter(each -> !own(each) || grantedNow(each)).forEach(all::add);
    return with(all);
  }

  private NodeRecord with(List<Booking> bookings) {
    return new NodeRecord(
        name,
        incarnation,
        sequence,
        sentNanos,
        reportedNanos,
        report,
        demand,
        unreachableRun,
        bookings,
        slotCredit,
        slots,
        continued,
        turnNanos);
  }

  /** With one more grant booked. */
  NodeRecord booked(Booking booking, double slotCredit, long turnNanos) {
    List<Booking> next = new ArrayList<>(bookings);
    if (next.size() >= MAX_BOOKINGS) {
      int oldest = 0;
      while (oldest < MAX_BOOKINGS - 2 && !grantedNow(next.get(oldest))) {
        oldest++;
      }
      next.set(oldest, next.remove(oldest).merged(next.get(oldest)));
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
        booking.slots(),
        continued,
        turnNanos);
  }

  /** No clock tells how old its bookings are: none of them may end early. */
  NodeRecord rebased(long nowNanos, long expiresNanos) {
    return with(
        bookings.stream()
            .map(booking -> booking.live(nowNanos) ? booking.extendedTo(expiresNanos) : booking)
            .toList());
  }

  /** Another owner drives the ledger now: what the node counted meanwhile took an unknown time. */
  NodeRecord interrupted() {
    return new NodeRecord(
        name,
        incarnation,
        sequence,
        sentNanos,
        reportedNanos,
        report,
        demand,
        unreachableRun,
        bookings,
        slotCredit,
        slots,
        false,
        turnNanos);
  }

  /** After a split: what either side had booked for it counts from now, for as long as it may. */
  NodeRecord reunited(Optional<NodeRecord> other, long nowNanos, long expiresNanos) {
    List<Booking> all = new ArrayList<>(other.map(NodeRecord::bookings).orElse(List.of()));
    all.addAll(bookings);
    NodeRecord next =
        new NodeRecord(
            name,
            incarnation,
            sequence,
            sentNanos,
            nowNanos,
            report,
            demand,
            unreachableRun,
            List.of(),
            slotCredit,
            slots,
            false,
            Brakes.NEVER);
    for (Booking booking : all) {
      next = next.booked(booking.extendedTo(expiresNanos), slotCredit, Brakes.NEVER);
    }
    return next;
  }

  /**
   * Where the classes are so many now. Its last report stays: the process that sent it may be back
   * when the classes are, and its counters have gone on.
   */
  NodeRecord refitted(int classes) {
    return new NodeRecord(
        name,
        incarnation,
        sequence,
        sentNanos,
        reportedNanos,
        report,
        Collections.nCopies(classes, 0.0),
        unreachableRun,
        bookings,
        slotCredit,
        slots,
        false,
        turnNanos);
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
        slots,
        continued,
        turnNanos);
  }

  /** Whether it holds a lease that may be valid. */
  boolean live(long nowNanos) {
    return bookings.stream().anyMatch(booking -> booking.live(nowNanos));
  }

  /** Whether nothing it was ever given can still be in use. */
  boolean forgettable(long sinceNanos, long nowNanos) {
    return nowNanos - reportedNanos > SHOWN_NANOS
        && bookings.stream().noneMatch(booking -> booking.matters(sinceNanos, nowNanos));
  }

  /**
   * Tokens per second that may be used under its name by this ledger's grants: the largest booking
   * of its process, and what the processes before it may still use.
   */
  double reserved(long nowNanos) {
    double own =
        bookings.stream()
            .filter(this::grantedNow)
            .mapToDouble(b -> b.reserved(nowNanos))
            .max()
            .orElse(0);
    return own + reservedForOthers(nowNanos);
  }

  /** Tokens per second that its process may be using of a ledger that is lost. */
  double carried(long nowNanos) {
    return bookings.stream()
        .filter(each -> own(each) && each.carried())
        .mapToDouble(each -> each.reserved(nowNanos))
        .max()
        .orElse(0);
  }

  /**
   * Tokens per second that other processes of its name may be using: they may be alive, cut off,
   * and on their fail-safe share.
   */
  double reservedForOthers(long nowNanos) {
    return bookings.stream()
        .filter(each -> !own(each))
        .mapToDouble(each -> each.reserved(nowNanos))
        .max()
        .orElse(0);
  }

  /**
   * Requests it may have at the backend, but for the one more of the two top classes: the most that
   * a grant allows which it may still be using, and those it told of that outlive their slots; and
   * what processes before it have left there.
   */
  int reservedSlots(long sinceNanos) {
    boolean over = bookings.stream().allMatch(b -> b.expiresNanos() - sinceNanos < 0);
    int booked =
        bookings.stream()
            .filter(this::own)
            .mapToInt(b -> b.reservedSlots(sinceNanos))
            .max()
            .orElse(0);
    return over ? 0 : Math.max(booked, report.inFlight() - 1) + slotsOfOthers(sinceNanos);
  }

  /**
   * Requests that processes which had its name before may have at the backend, the one more of the
   * two top classes included: nobody reports it any more.
   */
  int slotsOfOthers(long sinceNanos) {
    return bookings.stream()
        .filter(each -> !own(each) && each.expiresNanos() - sinceNanos >= 0)
        .mapToInt(each -> each.reservedSlots(sinceNanos) + 1)
        .max()
        .orElse(0);
  }

  /**
   * Slots of the last grant, 0 once nothing that was sent by it can be at the backend any more.
   *
   * @param sinceNanos see {@link LedgerState#askedSince}
   */
  int grantedSlots(long sinceNanos) {
    Booking last = bookings.isEmpty() ? null : bookings.get(bookings.size() - 1);
    return last == null ? 0 : last.reservedSlots(sinceNanos);
  }

  /** The rate of the last grant, 0 if it has ended. */
  public double rate(long nowNanos) {
    Booking last = bookings.isEmpty() ? null : bookings.get(bookings.size() - 1);
    return last == null || !last.live(nowNanos) ? 0 : last.ratePerSecond();
  }
}

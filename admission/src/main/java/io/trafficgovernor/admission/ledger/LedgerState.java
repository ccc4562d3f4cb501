package io.trafficgovernor.admission.ledger;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.control.ControllerState;
import io.trafficgovernor.admission.control.HealthWindow;
import io.trafficgovernor.admission.control.Level;
import io.trafficgovernor.admission.control.Reference;
import io.trafficgovernor.admission.control.ReferenceMeter;
import io.trafficgovernor.admission.control.Served;
import io.trafficgovernor.admission.forecast.Trend;
import io.trafficgovernor.admission.gate.Gates;
import io.trafficgovernor.admission.lease.Grant;
import io.trafficgovernor.admission.order.Cutoff;
import io.trafficgovernor.admission.recovery.Recovery;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The whole entry of one backend. Immutable.
 *
 * @param authority who decides, and since when
 * @param control the controller with what it goes by
 * @param recovery the phase machine
 * @param why what led to the present phase, in words
 * @param rates how each class fares, for display
 * @param nodes by name
 * @param peak how many slots were out at once of late
 * @param gates which classes wait for others
 * @param excluded nodes that were refused for what they are, of late; bounded
 * @param strays what nodes that this ledger has not heard of may still use
 */
public record LedgerState(
    Authority authority,
    Control control,
    Recovery recovery,
    String why,
    List<ClassRates> rates,
    OpenRound round,
    ProbeBook probes,
    Map<String, NodeRecord> nodes,
    SlotPeak peak,
    Gates gates,
    List<Excluded> excluded,
    Strays strays) {
  private static final int MAX_EXCLUDED = 16;
  private static final long EXCLUDED_NANOS = 10_000_000_000L;

  public LedgerState {
    requireNonNull(why, "why");
    rates = List.copyOf(rates);
    excluded = List.copyOf(excluded);
    nodes = Collections.unmodifiableMap(new TreeMap<>(nodes));
  }

  /**
   * A node that was refused for what it is, until it changes.
   *
   * @param why in words
   * @param atNanos when it last asked, in ledger time
   */
  public record Excluded(String node, String why, long atNanos) {}

  /**
   * Fail-safe shares that a ledger before this one gave. It is lost, and those who were cut off
   * from it may use them for as long as a share lasts.
   *
   * @param sharePerSecond of each, at most
   * @param untilNanos when the last of them ends, in ledger time
   */
  public record Strays(double sharePerSecond, long untilNanos) {
    static final Strays NONE = new Strays(0, 0);

    /** Tokens per second that a node may use now of which nothing was heard since the loss. */
    double each(long nowNanos) {
      return nowNanos - untilNanos < 0 ? sharePerSecond : 0;
    }

    /**
     * What both may still use, in the time of the first. Nodes that either brings along count as
     * reported now, and have not been heard by both: so the loss is a nanosecond later than that.
     */
    Strays and(Strays other, long otherNowNanos, long nowNanos) {
      double share = Math.max(each(nowNanos), other.each(otherNowNanos));
      return share > 0 ? new Strays(share, nowNanos + Grant.FAIL_SAFE_NANOS + 1) : NONE;
    }

    /** Whether a report of that time came after the loss. */
    boolean knows(long reportedNanos) {
      return reportedNanos - (untilNanos - Grant.FAIL_SAFE_NANOS) >= 0;
    }
  }

  /**
   * Who decides.
   *
   * @param lineage of this ledger, part of every grant's id
   * @param grants how many it has made
   * @param epoch version of the state; only ever rises
   * @param incidentSalt new for each incident
   * @param blackoutUntilNanos until then nobody's rate may grow: old leases may be out there
   * @param memoryEpoch epoch of the memory it goes on from; 0 if it began from nothing
   * @param begunNanos when it began or went on from a memory, in ledger time
   */
  public record Authority(
      long lineage,
      long grants,
      long epoch,
      long incidentSalt,
      LedgerClock clock,
      long blackoutUntilNanos,
      long memoryEpoch,
      long begunNanos) {
    /** So long a ledger may know less than what nodes remember from before it. */
    private static final long YOUNG_NANOS = 60_000_000_000L;

    long nowNanos() {
      return clock.nowNanos();
    }

    /**
     * Whether a node remembers what this ledger has never heard of. Of a memory from before it, its
     * own epoch says nothing: the restart itself raised it. One of the same epoch may know of later
     * grants, which counts while none can have followed here.
     */
    boolean lacks(Authority remembered) {
      long age = nowNanos() - begunNanos;
      boolean later = age < YOUNG_NANOS && remembered.epoch > memoryEpoch;
      boolean more = remembered.epoch == memoryEpoch && remembered.grants > grants;
      boolean before = later || (more && age < LeaseTerms.LONGEST_BOOKED_NANOS);
      return remembered.lineage == lineage ? remembered.epoch > epoch : before;
    }

    Authority at(LedgerClock clock) {
      return new Authority(
          lineage, grants, epoch, incidentSalt, clock, blackoutUntilNanos, memoryEpoch, begunNanos);
    }

    Authority granted() {
      return with(grants + 1, epoch, blackoutUntilNanos);
    }

    private Authority with(long grants, long epoch, long blackoutUntilNanos) {
      return new Authority(
          lineage, grants, epoch, incidentSalt, clock, blackoutUntilNanos, memoryEpoch, begunNanos);
    }

    Authority nextEpoch() {
      return atEpoch(epoch + 1);
    }

    Authority salted(long incidentSalt) {
      return new Authority(
          lineage, grants, epoch, incidentSalt, clock, blackoutUntilNanos, memoryEpoch, begunNanos);
    }

    public Authority atEpoch(long epoch) {
      return with(grants, epoch, blackoutUntilNanos);
    }

    public Authority blackedOut(long untilNanos, long epoch, long grants) {
      return with(grants, epoch, untilNanos);
    }

    /**
     * Goes on from a memory. It makes grants of a lineage of its own: those who hold grants that
     * the memory does not know must stand out.
     */
    Authority resumed(long lineage, long memoryEpoch, long begunNanos) {
      return new Authority(
          lineage, grants, epoch, incidentSalt, clock, blackoutUntilNanos, memoryEpoch, begunNanos);
    }
  }

  /**
   * The controller with what it goes by.
   *
   * @param reference how the backend did when it was well
   * @param meter measures the reference in OPEN
   * @param falling whether the ceiling fell at the last round
   * @param growthPerSecond of the logarithm of the ceiling, smoothed
   * @param served how much of what comes is answered
   * @param trend how the ceiling rises once slow start is over
   */
  public record Control(
      ControllerState controller,
      HealthWindow health,
      Reference reference,
      ReferenceMeter meter,
      Cutoff cutoff,
      boolean falling,
      double growthPerSecond,
      Served served,
      Trend trend) {
    Control withController(ControllerState controller) {
      return new Control(
          controller, health, reference, meter, cutoff, falling, growthPerSecond, served, trend);
    }

    Control withHealth(HealthWindow health) {
      return new Control(
          controller, health, reference, meter, cutoff, falling, growthPerSecond, served, trend);
    }

    Control withCutoff(Cutoff cutoff, boolean falling) {
      return new Control(
          controller, health, reference, meter, cutoff, falling, growthPerSecond, served, trend);
    }

    Control withReference(Reference reference, ReferenceMeter meter) {
      return new Control(
          controller, health, reference, meter, cutoff, falling, growthPerSecond, served, trend);
    }

    Control withGrowth(double growthPerSecond) {
      return new Control(
          controller, health, reference, meter, cutoff, falling, growthPerSecond, served, trend);
    }

    Control withServed(Served served) {
      return new Control(
          controller, health, reference, meter, cutoff, falling, growthPerSecond, served, trend);
    }

    Control withTrend(Trend trend) {
      return new Control(
          controller, health, reference, meter, cutoff, falling, growthPerSecond, served, trend);
    }

    double ceiling() {
      return controller.level().ceiling();
    }
  }

  public long nowNanos() {
    return authority.nowNanos();
  }

  /**
   * What holds for the whole cluster now.
   *
   * @param topRanks the two highest classes with demand
   * @param blockedBy what each class waits for
   */
  public Grant.ClusterView view(List<Integer> topRanks, List<String> blockedBy) {
    Level level = control.controller().level();
    return new Grant.ClusterView(
        authority.epoch(),
        recovery.phase(),
        level.ceiling(),
        level.window(),
        control.reference().ratePerSecond(),
        control.cutoff().key(),
        authority.incidentSalt(),
        topRanks,
        why,
        control.growthPerSecond(),
        demand(),
        blockedBy,
        recovery.stay().leaving());
  }

  /** Whether nodes count tokens by what they are given now. */
  public boolean boundByRate() {
    return recovery.phase().boundByRate() || recovery.stay().leaving();
  }

  LedgerState with(Authority authority) {
    return new LedgerState(
        authority, control, recovery, why, rates, round, probes, nodes, peak, gates, excluded,
        strays);
  }

  LedgerState with(Control control) {
    return new LedgerState(
        authority, control, recovery, why, rates, round, probes, nodes, peak, gates, excluded,
        strays);
  }

  LedgerState with(Recovery recovery, String why) {
    return new LedgerState(
        authority, control, recovery, why, rates, round, probes, nodes, peak, gates, excluded,
        strays);
  }

  LedgerState withRates(List<ClassRates> rates) {
    return new LedgerState(
        authority, control, recovery, why, rates, round, probes, nodes, peak, gates, excluded,
        strays);
  }

  LedgerState with(OpenRound round) {
    return new LedgerState(
        authority, control, recovery, why, rates, round, probes, nodes, peak, gates, excluded,
        strays);
  }

  LedgerState with(ProbeBook probes) {
    return new LedgerState(
        authority, control, recovery, why, rates, round, probes, nodes, peak, gates, excluded,
        strays);
  }

  LedgerState with(Gates gates) {
    return new LedgerState(
        authority, control, recovery, why, rates, round, probes, nodes, peak, gates, excluded,
        strays);
  }

  LedgerState with(SlotPeak peak) {
    return new LedgerState(
        authority, control, recovery, why, rates, round, probes, nodes, peak, gates, excluded,
        strays);
  }

  LedgerState with(NodeRecord node) {
    Map<String, NodeRecord> next = new TreeMap<>(nodes);
    next.put(node.name(), node);
    return withNodes(next);
  }

  LedgerState withNodes(Map<String, NodeRecord> nodes) {
    return new LedgerState(
        authority, control, recovery, why, rates, round, probes, nodes, peak, gates, excluded,
        strays);
  }

  /** With one more node that was refused for what it is; the oldest goes if there are too many. */
  LedgerState excluding(String node, String why) {
    List<Excluded> next = new ArrayList<>(excludedBut(node));
    next.add(new Excluded(node, why, nowNanos()));
    return withExcluded(next.subList(Math.max(0, next.size() - MAX_EXCLUDED), next.size()));
  }

  /** Without those that have not asked for a while. */
  LedgerState forgettingExcluded() {
    long now = nowNanos();
    List<Excluded> kept =
        excluded.stream().filter(each -> now - each.atNanos() <= EXCLUDED_NANOS).toList();
    return kept.size() == excluded.size() ? this : withExcluded(kept);
  }

  LedgerState with(Strays strays) {
    return new LedgerState(
        authority, control, recovery, why, rates, round, probes, nodes, peak, gates, excluded,
        strays);
  }

  private List<Excluded> excludedBut(String node) {
    return excluded.stream().filter(each -> !each.node().equals(node)).toList();
  }

  private LedgerState withExcluded(List<Excluded> excluded) {
    return new LedgerState(
        authority, control, recovery, why, rates, round, probes, nodes, peak, gates, excluded,
        strays);
  }

  /**
   * When the oldest request that may still be at the backend was sent, in ledger time: who is
   * silent may be alive, stopped, with its requests still there.
   *
   * @param requestNanos how long a request may last
   */
  long askedSince(long requestNanos) {
    return control.controller().brakes().askedSince(nowNanos(), requestNanos);
  }

  /**
   * Sum of the slots last granted to each node; what I5 is held against.
   *
   * @param requestNanos how long a request may last
   */
  public int grantedSlots(long requestNanos) {
    long since = askedSince(requestNanos);
    return nodes.values().stream().mapToInt(node -> node.grantedSlots(since)).sum();
  }

  /** Nodes that hold a lease that may be valid. */
  public List<NodeRecord> live() {
    long now = nowNanos();
    return nodes.values().stream().filter(node -> node.live(now)).toList();
  }

  /** First attempts per second of each class, over the live nodes. */
  public List<Double> demand() {
    int classes = rates.size();
    double[] sums = new double[classes];
    for (NodeRecord node : live()) {
      for (int rank = 0; rank < classes; rank++) {
        sums[rank] += node.demand().get(rank);
      }
    }
    return java.util.Arrays.stream(sums).boxed().toList();
  }
}

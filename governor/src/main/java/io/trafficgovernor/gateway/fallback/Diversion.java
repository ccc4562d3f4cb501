package io.trafficgovernor.gateway.fallback;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.ShedReason;
import io.trafficgovernor.admission.lease.Grant;
import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.admission.request.AdmissionController;
import io.trafficgovernor.admission.request.Lease;
import io.trafficgovernor.admission.request.NodeSnapshot;
import io.trafficgovernor.config.GovernorConfig.Backend;
import io.trafficgovernor.gateway.origin.ConnectRamp;
import io.vertx.core.http.HttpMethod;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * When reads of the first store may go to the second, for one node.
 *
 * <p>A request is always decided on by the first store's law. Only what that refuses, in an
 * incident in which the first store was away, may ask the second one's law. So the way back is the
 * first one's ramp: as it admits more, less is left for the second; nothing moves at once. Whatever
 * is not known (no lease, no fresh look, no fresh answer of the second store to a probe) means no.
 *
 * <p>One thread looks; any thread asks.
 */
public final class Diversion {
  /** For so long a look counts: whoever looks does it every 100 ms. */
  public static final long LOOK_NANOS = 500_000_000L;

  /** For so long a good answer of the second store to a probe counts. */
  public static final long ALIVE_NANOS = 5_000_000_000L;

  /** Refusals that say something of the first store, and nothing of this node or the client. */
  private static final Set<ShedReason> OF_THE_STORE =
      EnumSet.of(
          ShedReason.OUTAGE,
          ShedReason.CUTOFF,
          ShedReason.GATE,
          ShedReason.TOKENS,
          ShedReason.SLOTS,
          ShedReason.ROOM_FULL);

  private final Optional<Second> second;
  private final Set<Integer> ranks;

  /** Of the incident in which the first store was seen away. Used by the looking thread only. */
  private OptionalLong incident = OptionalLong.empty();

  private volatile @Nullable Seen seen;

  /** The second store: who admits to it, and how fast connections to it are begun. */
  public record Second(Backend backend, AdmissionController admission, ConnectRamp connects) {
    public Second {
      requireNonNull(backend, "backend");
      requireNonNull(admission, "admission");
      requireNonNull(connects, "connects");
    }
  }

  /**
   * Both stores at one instant.
   *
   * @param second empty if there is none
   * @param aliveNanos when the second one last answered a probe well; empty if it never did
   * @param diverts whether reads may go to the second one
   */
  public record Seen(
      long atNanos,
      NodeSnapshot first,
      Optional<NodeSnapshot> second,
      OptionalLong aliveNanos,
      boolean diverts) {}

  private Diversion(Optional<Second> second, Set<Integer> ranks) {
    this.second = requireNonNull(second, "second");
    this.ranks = Set.copyOf(ranks);
  }

  /** There is one store. */
  public static Diversion none() {
    return new Diversion(Optional.empty(), Set.of());
  }

  /**
   * To that store.
   *
   * @param ranks of the classes whose reads may go there
   */
  public static Diversion to(Second second, Set<Integer> ranks) {
    return new Diversion(Optional.of(second), ranks);
  }

  /** The second store; empty if there is none. */
  public Optional<Second> second() {
    return second;
  }

  /**
   * Takes a look at both stores.
   *
   * @param aliveNanos when the second one last answered a probe well
   */
  public void look(NodeSnapshot first, OptionalLong aliveNanos, long nowNanos) {
    Optional<NodeSnapshot> other = second.map(each -> each.admission().snapshot(nowNanos));
    boolean diverts = other.isPresent() && away(first) && alive(aliveNanos, nowNanos);
    seen = new Seen(nowNanos, first, other, aliveNanos, diverts);
  }

  /** Whether the first store is away, or on its way back in the incident in which it was. */
  private boolean away(NodeSnapshot first) {
    Optional<Grant.ClusterView> known = view(first);
    if (known.isEmpty()) {
      return false;
    }
    long salt = known.get().incidentSalt();
    return switch (known.get().phase()) {
      case OUTAGE -> {
        incident = OptionalLong.of(salt);
        yield true;
      }
      case PROBING, RAMPING, HOLD, ROLLBACK, FROZEN -> incident.equals(OptionalLong.of(salt));
      case OPEN, DEGRADED, ISOLATED -> {
        incident = OptionalLong.empty();
        yield false;
      }
    };
  }

  private static Optional<Grant.ClusterView> view(NodeSnapshot node) {
    return node.isolated() ? Optional.empty() : node.lease().map(Lease::grant).map(Grant::cluster);
  }

  /** Whether the second store has answered a probe well of late. */
  public static boolean alive(OptionalLong sinceNanos, long nowNanos) {
    return sinceNanos.isPresent() && nowNanos - sinceNanos.getAsLong() <= ALIVE_NANOS;
  }

  /** Whether a request that the first store's law refuses may ask the second one's. */
  public boolean takes(int rank, HttpMethod method, ShedReason why, long nowNanos) {
    return diverts(nowNanos)
        && OF_THE_STORE.contains(why)
        && ranks.contains(rank)
        && (method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD));
  }

  /** Whether reads may go to the second store now. */
  public boolean diverts(long nowNanos) {
    Seen last = seen;
    return last != null
        && last.diverts()
        && nowNanos - last.atNanos() <= LOOK_NANOS
        && alive(last.aliveNanos(), nowNanos);
  }

  /** What was seen last; empty before the first look. */
  public Optional<Seen> seen() {
    return Optional.ofNullable(seen);
  }

  /**
   * How many independent stores serve reads of that class now, as far as this node knows: whoever
   * is not known to serve does not.
   */
  public int serving(int rank, long nowNanos) {
    Seen last = seen;
    if (last == null || nowNanos - last.atNanos() > LOOK_NANOS) {
      return 0;
    }
    boolean other =
        ranks.contains(rank)
            && alive(last.aliveNanos(), nowNanos)
            && last.second().filter(node -> serves(node, rank)).isPresent();
    return (serves(last.first(), rank) ? 1 : 0) + (other ? 1 : 0);
  }

  private static boolean serves(NodeSnapshot node, int rank) {
    return view(node)
        .filter(cluster -> serves(cluster.phase()) && !cluster.gated(rank))
        .isPresent();
  }

  private static boolean serves(Phase phase) {
    return switch (phase) {
      case OPEN, DEGRADED, RAMPING, HOLD, ROLLBACK, FROZEN -> true;
      case OUTAGE, PROBING, ISOLATED -> false;
    };
  }
}

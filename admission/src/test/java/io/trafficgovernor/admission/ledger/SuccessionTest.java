package io.trafficgovernor.admission.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.trafficgovernor.admission.lease.Grant;
import io.trafficgovernor.admission.lease.GrantId;
import io.trafficgovernor.admission.lease.GrantReply;
import io.trafficgovernor.admission.lease.Renewal;
import io.trafficgovernor.admission.lease.SettingsPrint;
import org.junit.jupiter.api.Test;

/** A name is taken by another process: the one before may be dead, or only cut off. */
final class SuccessionTest extends HandMadeCluster {
  private static final long SECOND = 1_000_000_000L;

  /** A first renewal of a new process. */
  private GrantReply comes(String name, long incarnation, long succeeds) {
    node(name).incarnation = incarnation;
    node(name).sequence = 0;
    node(name).grant = java.util.Optional.empty();
    Renewal usual = renewal(name);
    return send(
        new Renewal(
            name,
            incarnation,
            usual.sequence(),
            nowNanos,
            GrantId.NONE,
            0,
            0,
            0,
            usual.report(),
            usual.probe(),
            SettingsPrint.UNKNOWN,
            0,
            succeeds));
  }

  private NodeRecord record(String name) {
    return java.util.Objects.requireNonNull(state().nodes().get(name));
  }

  private double failSafe(String name) {
    return node(name).grant.map(Grant::failSafePerSecond).orElse(0.0);
  }

  /** The others renew on, while c is silent. */
  private void without(String name, long millis) {
    var gone = nodes.remove(name);
    pass(millis, 4, good(12));
    nodes.put(name, java.util.Objects.requireNonNull(gone));
  }

  @Test
  void shareOfTheOneBefore_staysBookedBesideTheNewOnes() {
    open();
    double share = failSafe("c");
    assertThat(share).isPositive();
    without("c", 1_500);
    assertThat(comes("c", 2, 0)).isInstanceOf(GrantReply.Granted.class);
    double fresh = failSafe("c");
    assertThat(record("c").reservedForOthers(state().nowNanos())).isEqualTo(share);
    assertThat(record("c").reserved(state().nowNanos()))
        .isCloseTo(
            share + Math.max(fresh, node("c").grant.orElseThrow().ratePerSecond()), within(1e-9));
    pass(61 * 1_000, 4, good(12));
    assertThat(record("c").reservedForOthers(state().nowNanos())).as("a minute later").isZero();
  }

  /** Dead for certain, but what it sent may be at the backend for as long as a request lasts. */
  @Test
  void slotsOfTheDeadOne_stayBookedBesideTheNewOnes() {
    open();
    int before = record("c").grantedSlots(state().nowNanos() - SECOND);
    assertThat(before).isPositive();
    assertThat(comes("c", 2, 1)).isInstanceOf(GrantReply.Granted.class);
    int fresh = node("c").grant.orElseThrow().slots();
    int left = record("c").slotsOfOthers(state().nowNanos() - SECOND);
    assertThat(left).as("and the one more of the top classes").isGreaterThan(before);
    assertThat(record("c").reservedSlots(state().nowNanos() - SECOND)).isEqualTo(left + fresh);
    int all =
        state().nodes().values().stream()
            .mapToInt(each -> each.reservedSlots(state().nowNanos() - SECOND))
            .sum();
    double window = state().control().controller().level().window();
    assertThat(all).as("and that one more").isLessThanOrEqualTo((int) Math.round(window) + 1);
    assertThat(all + node("c").grant.orElseThrow().topSlots())
        .as("the one more of the name is the dead one's until its requests are over")
        .isLessThanOrEqualTo(state().peak().slots() + 1);
    pass(4_000, 4, good(12));
    assertThat(record("c").slotsOfOthers(state().nowNanos() - SECOND)).as("later").isZero();
  }

  /** All that may be in use is within the ceiling, the one of the process that is cut off too. */
  @Test
  void newProcess_isGivenWhatTheOneBeforeLeaves() {
    open();
    double share = failSafe("c");
    without("c", 1_500);
    comes("c", 2, 0);
    for (int i = 0; i < 100; i++) {
      pass(100, 40, good(120));
      double used =
          share
              + nodes.values().stream()
                  .mapToDouble(n -> n.grant.orElseThrow().ratePerSecond())
                  .sum();
      assertThat(used).isLessThanOrEqualTo(state().control().ceiling() + 1e-6);
    }
  }

  @Test
  void shareOfADeadOne_isFreeAtOnce() {
    open();
    without("c", 1_500);
    assertThat(comes("c", 2, 1)).isInstanceOf(GrantReply.Granted.class);
    assertThat(record("c").reservedForOthers(state().nowNanos())).isZero();
  }

  /** Nobody has to wait for the lease of a process that is dead for certain. */
  @Test
  void successorOfADeadOne_isTakenWhileItsLeaseStillRuns() {
    open();
    assertThat(comes("c", 2, 0)).isInstanceOf(GrantReply.Refused.class);
    assertThat(comes("c", 2, 9)).as("of another one").isInstanceOf(GrantReply.Refused.class);
    assertThat(comes("c", 2, 1)).isInstanceOf(GrantReply.Granted.class);
  }

  /** What a dead process has sent is at the backend as long as requests last. */
  @Test
  void slotsOfADeadOne_stayReserved() {
    open();
    int slots = node("c").grant.orElseThrow().slots();
    assertThat(slots).isPositive();
    comes("c", 2, 1);
    assertThat(record("c").reservedSlots(state().nowNanos() - SECOND))
        .isGreaterThanOrEqualTo(slots);
  }

  /** Two processes before it, of which one is known to be dead. */
  @Test
  void onlyTheOneThatIsKnownToBeDead_isForgotten() {
    open();
    double first = failSafe("c");
    without("c", 1_500);
    comes("c", 2, 0);
    pass(500, 4, good(12));
    assertThat(comes("c", 3, 2)).isInstanceOf(GrantReply.Granted.class);
    assertThat(record("c").reservedForOthers(state().nowNanos())).isEqualTo(first);
  }
}

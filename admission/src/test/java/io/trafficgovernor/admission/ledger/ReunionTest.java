package io.trafficgovernor.admission.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.lease.ClassReport;
import io.trafficgovernor.admission.lease.Grant;
import io.trafficgovernor.admission.lease.GrantId;
import io.trafficgovernor.admission.lease.GrantReply;
import io.trafficgovernor.admission.lease.NodeReport;
import io.trafficgovernor.admission.lease.Renewal;
import io.trafficgovernor.admission.ramp.RampPlan;
import io.trafficgovernor.admission.recovery.Command;
import io.trafficgovernor.admission.recovery.RampMode;
import io.trafficgovernor.admission.recovery.Verb;
import io.trafficgovernor.admission.testing.Classes;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Two ledgers that grew apart from one, and what becomes of them. */
final class ReunionTest {
  private static final long MILLI = 1_000_000L;

  private final Ledger ledger =
      new Ledger(
          new LedgerSettings(Classes.chain(1), 500, 3, RampMode.AUTO, new RampPlan.Adaptive()));
  private long nowNanos = 1;
  private long sequence;

  private LedgerState renewed(@Nullable LedgerState state, String node, String owner) {
    return step(state, node, Optional.empty(), owner).state();
  }

  private Ledger.Renewed step(
      @Nullable LedgerState state, String node, Optional<Grant> held, String owner) {
    Renewal renewal = renewal(node, held);
    return ledger.renew(state, renewal, new Owner(owner, nowNanos, 5));
  }

  private Renewal renewal(String node) {
    return renewal(node, Optional.empty());
  }

  private Renewal renewal(String node, Optional<Grant> held) {
    sequence++;
    ClassReport report = new ClassReport(100 * sequence, 0, 0, 0, ClassReport.NONE.outcomes());
    return new Renewal(
        node,
        node.hashCode(),
        sequence,
        nowNanos,
        held.map(Grant::id).orElse(GrantId.NONE),
        held.map(grant -> grant.cluster().epoch()).orElse(0L),
        held.map(Grant::ratePerSecond).orElse(0.0),
        held.map(Grant::slots).orElse(0),
        new NodeReport(List.of(report), 0, 0),
        Optional.empty());
  }

  private LedgerState commanded(LedgerState state, Verb verb, String owner) {
    Command command = new Command(verb, "alice", "test", OptionalLong.empty(), 100);
    return ledger.command(state, command, new Owner(owner, nowNanos, 5)).state();
  }

  private LedgerState grown() {
    LedgerState state = renewed(null, "a", "one");
    nowNanos += 5_000 * MILLI;
    return renewed(renewed(state, "a", "one"), "b", "one");
  }

  @Test
  void of_theHigherEpochGoesOnWhicheverSideItIsOn() {
    LedgerState stayed = renewed(grown(), "c", "one");
    LedgerState closed = commanded(grown(), Verb.CLOSE, "two");
    assertThat(closed.authority().epoch()).isGreaterThan(stayed.authority().epoch());
    for (LedgerState next : List.of(Reunion.of(stayed, closed), Reunion.of(closed, stayed))) {
      assertThat(next.recovery().phase()).isEqualTo(closed.recovery().phase());
      assertThat(next.authority().epoch()).isEqualTo(closed.authority().epoch() + 1);
      assertThat(next.nodes()).as("nobody is dropped").containsOnlyKeys("a", "b", "c");
    }
  }

  @Test
  void of_theLowerCeilingCounts() {
    LedgerState pinned = grown();
    LedgerState lower =
        pinned.with(
            pinned
                .control()
                .withController(
                    pinned
                        .control()
                        .controller()
                        .withLevel(pinned.control().controller().level().withCeiling(30))));
    LedgerState later = renewed(pinned, "a", "one");
    assertThat(Reunion.of(later, lower).control().ceiling()).isEqualTo(30);
  }

  /** As long as a lease of either side may be out there nobody's rate grows. */
  @Test
  void of_blackoutUntilEveryLeaseHasEnded() {
    Ledger.Renewed before = step(grown(), "a", Optional.empty(), "one");
    Grant held = ((GrantReply.Granted) before.reply()).grant();
    LedgerState state = Reunion.of(before.state(), renewed(before.state(), "b", "two"));
    nowNanos += 3_600_000 * MILLI;
    for (int i = 0; i < 20; i++) {
      nowNanos += 100 * MILLI;
      Ledger.Renewed stranger = step(state, "d", Optional.empty(), "three");
      state = stranger.state();
      assertThat(((GrantReply.Granted) stranger.reply()).grant().ratePerSecond()).isZero();
      Ledger.Renewed known = step(state, "a", Optional.of(held), "three");
      state = known.state();
      Grant next = ((GrantReply.Granted) known.reply()).grant();
      assertThat(next.ratePerSecond()).isLessThanOrEqualTo(held.ratePerSecond());
      held = next;
    }
    double after = 0;
    for (int i = 0; i < 10; i++) {
      nowNanos += 100 * MILLI;
      Ledger.Renewed known = step(state, "a", Optional.of(held), "three");
      held = ((GrantReply.Granted) known.reply()).grant();
      Ledger.Renewed stranger = step(known.state(), "d", Optional.empty(), "three");
      state = stranger.state();
      after = ((GrantReply.Granted) stranger.reply()).grant().ratePerSecond();
    }
    assertThat(after).as("the blackout ends").isPositive();
  }

  @Test
  void of_oneAloneIsAsCareful() {
    LedgerState state = grown();
    LedgerState next = Reunion.of(state);
    assertThat(next.authority().epoch()).isEqualTo(state.authority().epoch() + 1);
    assertThat(next.authority().blackoutUntilNanos() - next.nowNanos())
        .isEqualTo(LeaseTerms.LONGEST_BOOKED_NANOS);
    nowNanos += 3_600_000 * MILLI;
    Ledger.Renewed stranger = step(next, "d", Optional.empty(), "one");
    assertThat(((GrantReply.Granted) stranger.reply()).grant().ratePerSecond()).isZero();
  }

  /** At the same epoch the side that has granted more has lived on; the other stood still. */
  @Test
  void of_atTheSameEpochTheOneWithMoreGrantsGoesOn() {
    LedgerState stood = grown();
    nowNanos += 700 * MILLI;
    LedgerState lived = renewed(stood, "a", "one");
    assertThat(lived.authority().epoch()).isEqualTo(stood.authority().epoch());
    for (LedgerState next : List.of(Reunion.of(stood, lived), Reunion.of(lived, stood))) {
      assertThat(next.nowNanos()).isEqualTo(lived.nowNanos());
      assertThat(next.authority().grants()).isEqualTo(lived.authority().grants());
    }
  }

  /** No grant's id is ever used twice, though the side that goes on has granted less. */
  @Test
  void of_grantsGoOnFromTheHigherCountOfTheSameLineageAlone() {
    LedgerState busy = renewed(renewed(grown(), "a", "one"), "b", "one");
    LedgerState closed = commanded(grown(), Verb.CLOSE, "two");
    assertThat(closed.authority().grants()).isLessThan(busy.authority().grants());
    assertThat(Reunion.of(busy, closed).authority().grants()).isEqualTo(busy.authority().grants());
    LedgerState.Authority own = busy.authority();
    LedgerState strange =
        busy.with(own.resumed(own.lineage() + 1, own.memoryEpoch(), own.begunNanos()));
    assertThat(Reunion.of(strange, closed).authority().grants())
        .isEqualTo(closed.authority().grants());
  }

  @Test
  void of_everyLeaseIsBookedForTheLongestFromNowOn() {
    LedgerState state = renewed(grown(), "a", "one");
    LedgerState reunited = Reunion.of(state, grown());
    long until = reunited.nowNanos() + LeaseTerms.LONGEST_BOOKED_NANOS;
    assertThat(reunited.nodes().values()).isNotEmpty();
    LedgerState driven =
        ledger.renew(reunited, renewal("z"), new Owner("three", nowNanos, 5, 900 * MILLI)).state();
    assertThat(driven.nowNanos()).as("nobody knows its age").isEqualTo(reunited.nowNanos());
    for (LedgerState each : List.of(reunited, driven)) {
      NodeRecord a = java.util.Objects.requireNonNull(each.nodes().get("a"));
      assertThat(a.live(until - 1)).isTrue();
      assertThat(a.live(until)).isFalse();
    }
  }

  /** Else a ledger that is told over and over again would stay young for ever. */
  @Test
  void resumed_keepsTheAgeOfTheYoungOne() {
    LedgerState memory = grown();
    LedgerState young = grown();
    LedgerState.Authority authority = young.authority();
    long begun = young.nowNanos() - 40 * MILLI;
    LedgerState told =
        Reunion.resumed(
            young.with(authority.resumed(authority.lineage(), authority.memoryEpoch(), begun)),
            memory);
    assertThat(told.nowNanos() - told.authority().begunNanos()).isEqualTo(40 * MILLI);
  }
}

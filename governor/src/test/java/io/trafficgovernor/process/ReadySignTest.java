package io.trafficgovernor.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.VirtualTime;
import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.admission.request.Lease;
import io.trafficgovernor.admission.testing.Leases;
import io.trafficgovernor.operator.OperatorVerticle.Readiness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ReadySignTest {
  private final VirtualTime time = new VirtualTime();
  private boolean excluded;
  private final ReadySign sign = new ReadySign(time, () -> excluded);

  private Lease lease() {
    return Leases.ample().sent(time.nanos());
  }

  @Test
  void get_startingUntilTheFirstLease() {
    assertThat(sign.get()).isEqualTo(Readiness.STARTING);
    time.advanceMillis(500);
    assertThat(sign.get()).isEqualTo(Readiness.STARTING);
    sign.granted(lease());
    assertThat(sign.get()).isEqualTo(Readiness.READY);
  }

  @Test
  void get_readyWithoutAGridAfterTenSeconds() {
    sign.joined();
    sign.failed(new IllegalStateException("no majority"));
    time.advanceMillis(9_999);
    assertThat(sign.get()).isEqualTo(Readiness.STARTING);
    time.advanceMillis(1);
    assertThat(sign.get()).isEqualTo(Readiness.READY);
  }

  /** Where others serve, a node that has nothing to give yet would refuse by chance. */
  @Test
  void get_startingWhileTheLeaseGivesNothing() {
    sign.joined();
    sign.granted(Leases.ample().rate(0).sent(time.nanos()));
    assertThat(sign.get()).isEqualTo(Readiness.STARTING);
    sign.granted(Leases.ample().rate(0.5).sent(time.nanos()));
    assertThat(sign.get()).isEqualTo(Readiness.READY);
    sign.granted(Leases.ample().rate(0).sent(time.nanos()));
    assertThat(sign.get()).as("a cut is no start").isEqualTo(Readiness.READY);
  }

  @Test
  void get_aLeaseThatGivesNothingIsNotWaitedForForever() {
    sign.joined();
    for (int second = 0; second < 10; second++) {
      assertThat(sign.get()).isEqualTo(Readiness.STARTING);
      sign.granted(Leases.ample().rate(0).sent(time.nanos()));
      time.advanceMillis(1_000);
    }
    assertThat(sign.get()).isEqualTo(Readiness.READY);
  }

  /** It refuses all, as every other node does, and knows it. */
  @ParameterizedTest
  @EnumSource(
      value = Phase.class,
      names = {"OUTAGE", "PROBING"})
  void get_readyWhereNobodyLetsRequestsThrough(Phase phase) {
    sign.joined();
    sign.granted(Leases.ample().phase(phase).rate(0).sent(time.nanos()));
    assertThat(sign.get()).isEqualTo(Readiness.READY);
  }

  @Test
  void get_startingForAsLongAsTheGridIsBeingJoined() {
    time.advanceMillis(60_000);
    assertThat(sign.get()).isEqualTo(Readiness.STARTING);
    sign.joined();
    assertThat(sign.get()).isEqualTo(Readiness.STARTING);
    time.advanceMillis(10_000);
    assertThat(sign.get()).as("no answer of the grid").isEqualTo(Readiness.READY);
  }

  @Test
  void get_aNodeThatIsExcludedIsNotReadyHoweverLongItLasts() {
    excluded = true;
    for (int second = 0; second < 3_600; second++) {
      time.advanceMillis(1_000);
      assertThat(sign.get()).isEqualTo(Readiness.REFUSED);
    }
    excluded = false;
    sign.granted(lease());
    assertThat(sign.get()).isEqualTo(Readiness.READY);
    excluded = true;
    assertThat(sign.get()).as("a second process took its name").isEqualTo(Readiness.REFUSED);
  }

  @Test
  void get_staysReadyWhenTheLeaseEnds() {
    sign.granted(lease());
    time.advanceMillis(100_000);
    assertThat(sign.get()).as("isolated").isEqualTo(Readiness.READY);
  }

  @Test
  void get_drainingIsForGood() {
    sign.drain();
    sign.granted(lease());
    assertThat(sign.get()).isEqualTo(Readiness.DRAINING);
  }
}

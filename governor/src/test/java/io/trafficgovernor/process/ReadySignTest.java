package io.trafficgovernor.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.VirtualTime;
import io.trafficgovernor.admission.request.Lease;
import io.trafficgovernor.admission.testing.Leases;
import io.trafficgovernor.operator.OperatorVerticle.Readiness;
import org.junit.jupiter.api.Test;

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
    sign.failed(new IllegalStateException("no majority"));
    time.advanceMillis(9_999);
    assertThat(sign.get()).isEqualTo(Readiness.STARTING);
    time.advanceMillis(1);
    assertThat(sign.get()).isEqualTo(Readiness.READY);
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

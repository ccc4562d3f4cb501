package io.trafficgovernor.admission.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.ShedReason;
import io.trafficgovernor.admission.VirtualTime;
import io.trafficgovernor.admission.testing.Classes;
import io.trafficgovernor.admission.testing.Leases;
import java.util.ArrayList;
import java.util.List;

/** One node's admission, with leases and arrivals by hand. */
abstract class HandMadeAdmission {
  static final long MILLI = 1_000_000L;

  final VirtualTime time = new VirtualTime();
  final AdmissionController controller = new AdmissionController(Classes.chain(4), time, false);
  final List<Decision> told = new ArrayList<>();

  Arrival arrival(int rank) {
    return new Arrival(rank, 42, time.nanos(), true, (decision, now) -> told.add(decision));
  }

  Decision decide(int rank) {
    return controller.decide(arrival(rank), time.nanos());
  }

  Permit admitted(int rank) {
    Decision decision = decide(rank);
    assertThat(decision).isInstanceOf(Decision.Admitted.class);
    return ((Decision.Admitted) decision).permit();
  }

  void adopt(Leases lease) {
    controller.adopt(lease.sent(time.nanos()), time.nanos());
  }

  /** Adopts the lease and lets the bucket fill. */
  void settle(Leases lease) {
    adopt(lease);
    time.advanceMillis(100);
  }

  static ShedReason reason(Decision decision) {
    assertThat(decision).isInstanceOf(Decision.Shed.class);
    return ((Decision.Shed) decision).reason();
  }

  long shed(int rank, ShedReason reason) {
    return controller.snapshot(time.nanos()).classes().get(rank).shed().getOrDefault(reason, 0L);
  }
}

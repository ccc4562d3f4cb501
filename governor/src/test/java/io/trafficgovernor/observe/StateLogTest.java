package io.trafficgovernor.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.lease.Grant;
import io.trafficgovernor.admission.lease.GrantId;
import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.admission.request.Lease;
import io.trafficgovernor.runtime.SystemTicker;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What an operator is told of the cluster's state, once each. */
final class StateLogTest {
  private final EventLog events = new EventLog(new SystemTicker());
  private final long before = events.last();
  private final StateLog log = new StateLog("gw-1", "kv", () -> 0, events);

  private void granted(Phase phase, double ceiling, String why) {
    Grant.ClusterView cluster =
        new Grant.ClusterView(
            3, phase, ceiling, 8, 500, 0, 0, List.of(0, 1), why, 0, List.of(), List.of(), false);
    Grant grant =
        new Grant(new GrantId(1, 1), cluster, 10, 1, 1, 1_000_000_000L, 0, OptionalLong.empty(), 0);
    log.granted(new Lease(grant, 0));
  }

  @Test
  void phaseAndTheReasonForIt_areToldOnce() {
    granted(Phase.FROZEN, 200, "pin: a measured ceiling");
    granted(Phase.FROZEN, 200, "pin: a measured ceiling");
    granted(Phase.FROZEN, 81, "pin fell to 81/s, HARD: 0.12, bar 0.10, at 200/s");
    granted(Phase.FROZEN, 81, "pin fell to 81/s, HARD: 0.12, bar 0.10, at 200/s");
    assertThat(events.after(before, 10).events())
        .extracting(event -> event.data().getLong("ceiling_rps"))
        .containsExactly(200L, 81L);
  }
}

package io.trafficgovernor.cluster;

import io.trafficgovernor.admission.VirtualTime;
import io.trafficgovernor.admission.ledger.Ledger;
import io.trafficgovernor.admission.ledger.LedgerSettings;
import io.trafficgovernor.admission.ramp.RampPlan;
import io.trafficgovernor.admission.recovery.RampMode;
import io.trafficgovernor.admission.testing.Classes;
import io.trafficgovernor.cluster.testing.LedgerGridContract;
import io.trafficgovernor.cluster.testing.MemoryGrid;
import java.util.concurrent.CompletionStage;

/** The stand-in of other modules' tests keeps the contract, too. */
final class MemoryGridTest extends LedgerGridContract {
  private final VirtualTime time = new VirtualTime();

  @Override
  protected LedgerGrid grid() {
    Ledger ledger =
        new Ledger(
            new LedgerSettings(
                Classes.chain(CLASSES), 500, 3, RampMode.AUTO, new RampPlan.Adaptive()));
    return new MemoryGrid(ledger, time);
  }

  @Override
  protected <T> T await(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  @Override
  protected long nanos() {
    return time.nanos();
  }
}

package io.trafficgovernor.process;

import io.trafficgovernor.admission.lease.GrantReply;
import io.trafficgovernor.admission.lease.Renewal;
import io.trafficgovernor.admission.ledger.CommandReply;
import io.trafficgovernor.admission.ledger.LedgerState;
import io.trafficgovernor.admission.recovery.Command;
import io.trafficgovernor.cluster.LedgerGrid;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The grid as seen while it is being joined, which takes seconds: until then every call fails at
 * once, as it would with a grid that is away. Thread-safe.
 */
final class LateGrid implements LedgerGrid {
  private volatile @Nullable LedgerGrid joined;

  void joined(LedgerGrid grid) {
    this.joined = grid;
  }

  @Override
  public CompletionStage<GrantReply> renew(Renewal renewal) {
    return then(grid -> grid.renew(renewal));
  }

  @Override
  public CompletionStage<CommandReply> command(Command command) {
    return then(grid -> grid.command(command));
  }

  @Override
  public CompletionStage<Optional<LedgerState>> view() {
    return then(LedgerGrid::view);
  }

  private <T> CompletionStage<T> then(Function<LedgerGrid, CompletionStage<T>> call) {
    LedgerGrid grid = joined;
    return grid == null
        ? CompletableFuture.failedFuture(
            new IllegalStateException("this node has not joined the grid yet"))
        : call.apply(grid);
  }
}

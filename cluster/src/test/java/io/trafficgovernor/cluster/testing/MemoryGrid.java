package io.trafficgovernor.cluster.testing;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.Ticker;
import io.trafficgovernor.admission.lease.GrantReply;
import io.trafficgovernor.admission.lease.Renewal;
import io.trafficgovernor.admission.ledger.CommandReply;
import io.trafficgovernor.admission.ledger.Ledger;
import io.trafficgovernor.admission.ledger.LedgerState;
import io.trafficgovernor.admission.ledger.Owner;
import io.trafficgovernor.admission.recovery.Command;
import io.trafficgovernor.cluster.LedgerGrid;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A grid of one process that answers at once, and can be taken away. Thread-safe. */
public final class MemoryGrid implements LedgerGrid {
  private final Ledger ledger;
  private final Ticker ticker;
  private @Nullable LedgerState state;
  private long lineage = 5;
  private boolean away;

  public MemoryGrid(Ledger ledger, Ticker ticker) {
    this.ledger = requireNonNull(ledger, "ledger");
    this.ticker = requireNonNull(ticker, "ticker");
  }

  /** From now on every call fails, or not. */
  public synchronized void away(boolean now) {
    away = now;
  }

  /** Every copy of the entry is gone; the next one is of another lineage. */
  public synchronized void lose() {
    state = null;
    lineage++;
  }

  private Owner owner() {
    return new Owner("memory", ticker.nanos(), lineage);
  }

  private static <T> CompletionStage<T> gone() {
    return CompletableFuture.failedStage(new IllegalStateException("the grid is away"));
  }

  @Override
  public synchronized CompletionStage<GrantReply> renew(Renewal renewal) {
    if (away) {
      return gone();
    }
    Ledger.Renewed renewed = ledger.renew(state, renewal, owner());
    state = renewed.state();
    return CompletableFuture.completedStage(renewed.reply());
  }

  @Override
  public synchronized CompletionStage<CommandReply> command(Command command) {
    if (away) {
      return gone();
    }
    Ledger.Commanded commanded = ledger.command(state, command, owner());
    state = commanded.state();
    return CompletableFuture.completedStage(commanded.reply());
  }

  @Override
  public synchronized CompletionStage<Optional<LedgerState>> view() {
    return away ? gone() : CompletableFuture.completedStage(Optional.ofNullable(state));
  }
}

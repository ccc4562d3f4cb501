package io.trafficgovernor.loadtest.sim;

import io.trafficgovernor.admission.VirtualTime;
import io.trafficgovernor.admission.lease.GrantReply;
import io.trafficgovernor.admission.lease.Renewal;
import io.trafficgovernor.admission.ledger.CommandReply;
import io.trafficgovernor.admission.ledger.Ledger;
import io.trafficgovernor.admission.ledger.LedgerState;
import io.trafficgovernor.admission.ledger.NodeRecord;
import io.trafficgovernor.admission.ledger.Owner;
import io.trafficgovernor.admission.recovery.Command;
import io.trafficgovernor.cluster.LedgerGrid;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The grid in memory: one entry, and messages that take 1 to 3 ms each way. */
final class SimGrid implements LedgerGrid {
  private static final double MIN_MESSAGE_SECONDS = 0.001;
  private static final double MESSAGE_SPREAD_SECONDS = 0.002;

  private final VirtualTime time;
  private final Ledger ledger;
  private final SplittableRandom random;
  private final RunLog log;
  private final long lineage;
  private final WindowBound bound;
  private @Nullable LedgerState state;

  SimGrid(VirtualTime time, Ledger ledger, RunLog log, int nodes, SplittableRandom random) {
    this.bound = new WindowBound(nodes);
    this.time = time;
    this.ledger = ledger;
    this.log = log;
    this.random = random;
    this.lineage = random.nextLong();
  }

  void begin(LedgerState state) {
    this.state = state;
  }

  Owner owner() {
    return new Owner("owner", time.nanos(), lineage);
  }

  @Override
  public CompletionStage<GrantReply> renew(Renewal renewal) {
    CompletableFuture<GrantReply> answer = new CompletableFuture<>();
    time.after(
        message(),
        now -> {
          Ledger.Renewed renewed = ledger.renew(state, renewal, owner());
          state = renewed.state();
          log.level(renewed.state(), now);
          log.windowBound(bound.after(slots(renewed.state()), now));
          time.after(message(), later -> answer.complete(renewed.reply()));
        });
    return answer;
  }

  @Override
  public CompletionStage<CommandReply> command(Command command) {
    CompletableFuture<CommandReply> answer = new CompletableFuture<>();
    time.after(
        message(),
        now -> {
          Ledger.Commanded commanded = ledger.command(state, command, owner());
          state = commanded.state();
          log.level(commanded.state(), now);
          time.after(message(), later -> answer.complete(commanded.reply()));
        });
    return answer;
  }

  @Override
  public CompletionStage<Optional<LedgerState>> view() {
    return CompletableFuture.completedStage(Optional.ofNullable(state));
  }

  private static int slots(LedgerState state) {
    return state.nodes().values().stream().mapToInt(NodeRecord::slots).sum();
  }

  private long message() {
    return (long) ((MIN_MESSAGE_SECONDS + MESSAGE_SPREAD_SECONDS * random.nextDouble()) * 1e9);
  }
}

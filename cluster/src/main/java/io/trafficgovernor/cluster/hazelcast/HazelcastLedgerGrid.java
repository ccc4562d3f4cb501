package io.trafficgovernor.cluster.hazelcast;

import static java.util.Objects.requireNonNull;

import com.hazelcast.cluster.Member;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import io.trafficgovernor.admission.Ticker;
import io.trafficgovernor.admission.lease.GrantReply;
import io.trafficgovernor.admission.lease.Renewal;
import io.trafficgovernor.admission.ledger.CommandReply;
import io.trafficgovernor.admission.ledger.Ledger;
import io.trafficgovernor.admission.ledger.LedgerState;
import io.trafficgovernor.admission.recovery.Command;
import io.trafficgovernor.cluster.LedgerGrid;
import io.trafficgovernor.cluster.wire.RecordCodec;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The grid on an embedded Hazelcast member. Calls are handed to one thread of its own (submitting
 * can stall for the better part of a second while members change) and are given up after {@value
 * #ANSWER_MILLIS} ms: no setting of Hazelcast bounds them that tightly.
 */
public final class HazelcastLedgerGrid implements LedgerGrid, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HazelcastLedgerGrid.class);
  private static final long ANSWER_MILLIS = 400;
  private static final long COMMAND_MILLIS = 2_000;

  /** Calls that may wait for the thread; a grid that hangs must not be buried. */
  private static final int MAX_QUEUED = 64;

  /** Longest lease, which an un-replicated grant must outlive to do harm. */
  private static final long LONGEST_LEASE_MILLIS = 2_000;

  private final String backend;
  private final HazelcastInstance instance;
  private final IMap<String, LedgerEntry> map;
  private final ThreadPoolExecutor executor;

  private HazelcastLedgerGrid(
      String backend, HazelcastInstance instance, ThreadPoolExecutor executor) {
    this.backend = backend;
    this.instance = instance;
    this.map = instance.getMap(GridConfig.MAP);
    this.executor = executor;
  }

  private static ThreadPoolExecutor callingThread() {
    return new ThreadPoolExecutor(
        1,
        1,
        0,
        TimeUnit.SECONDS,
        new LinkedBlockingQueue<>(MAX_QUEUED),
        work -> {
          Thread thread = new Thread(work, "governor-grid");
          thread.setDaemon(true);
          return thread;
        });
  }

  /**
   * Starts a member and joins the others. Blocks for some seconds.
   *
   * @param backend name of the entry
   * @throws IllegalStateException if the settings cannot be safe, or the port is taken
   */
  public static HazelcastLedgerGrid join(
      String backend, Ledger ledger, GridSettings settings, Ticker ticker) {
    Config config = GridConfig.of(settings);
    config.getUserContext().put(LedgerHost.KEY, new LedgerHost(ledger, ticker, settings));
    requireSafe(config);
    HazelcastInstance instance = Hazelcast.newHazelcastInstance(config);
    instance.getCluster().addMembershipListener(new MembershipLog(settings));
    return new HazelcastLedgerGrid(requireNonNull(backend, "backend"), instance, callingThread());
  }

  /** Refuses settings under which an un-replicated grant could be used. */
  static void requireSafe(Config config) {
    String indeterminate = config.getProperty(GridConfig.FAIL_ON_INDETERMINATE);
    if (!"true".equals(indeterminate)) {
      throw new IllegalStateException(
          GridConfig.FAIL_ON_INDETERMINATE + ": got " + indeterminate + ", allowed true");
    }
    long backupMillis = Long.parseLong(config.getProperty(GridConfig.BACKUP_TIMEOUT_MILLIS));
    if (backupMillis < 2 * LONGEST_LEASE_MILLIS) {
      throw new IllegalStateException(
          GridConfig.BACKUP_TIMEOUT_MILLIS
              + ": got "
              + backupMillis
              + ", allowed "
              + 2 * LONGEST_LEASE_MILLIS
              + " or more (twice the longest lease)");
    }
  }

  @Override
  public CompletionStage<GrantReply> renew(Renewal renewal) {
    return submitted(new RenewProcessor(renewal), ANSWER_MILLIS)
        .thenApply(bytes -> RecordCodec.read(RenewProcessor.Answer.class, bytes).reply());
  }

  @Override
  public CompletionStage<CommandReply> command(Command command) {
    return submitted(new CommandProcessor(command), COMMAND_MILLIS)
        .thenApply(
            bytes -> {
              var answer = RecordCodec.read(CommandProcessor.Answer.class, bytes);
              return answer.reply().orElseThrow(() -> new IllegalStateException(answer.refused()));
            });
  }

  @Override
  public CompletionStage<Optional<LedgerState>> view() {
    CompletableFuture<Optional<LedgerState>> answer = new CompletableFuture<>();
    run(
        answer,
        () ->
            relay(
                map.getAsync(backend)
                    .thenApply(entry -> Optional.ofNullable(entry).map(LedgerEntry::state)),
                answer));
    return answer.orTimeout(ANSWER_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** The same member's view of another backend's entry; it is closed with this one. */
  public LedgerGrid ofBackend(String other) {
    return new HazelcastLedgerGrid(requireNonNull(other, "other"), instance, executor);
  }

  /**
   * Whether this member owns the entry now: its clock and its processor are the ones that count.
   */
  public boolean ownsEntry() {
    Member owner = instance.getPartitionService().getPartition(backend).getOwner();
    return owner != null && owner.localMember();
  }

  /** Members of the grid that this one sees, itself included. */
  public int members() {
    return instance.getLifecycleService().isRunning()
        ? instance.getCluster().getMembers().size()
        : 0;
  }

  private CompletableFuture<byte[]> submitted(LedgerProcessor processor, long timeoutMillis) {
    CompletableFuture<byte[]> answer = new CompletableFuture<>();
    run(answer, () -> relay(map.submitToKey(backend, processor), answer));
    return answer.orTimeout(timeoutMillis, TimeUnit.MILLISECONDS);
  }

  private void run(CompletableFuture<?> answer, Runnable call) {
    try {
      executor.execute(
          () -> {
            try {
              call.run();
            } catch (RuntimeException e) {
              answer.completeExceptionally(e);
            }
          });
    } catch (RejectedExecutionException e) {
      answer.completeExceptionally(e);
    }
  }

  private static <T> void relay(CompletionStage<T> from, CompletableFuture<T> to) {
    var unused =
        from.whenComplete(
            (value, failure) -> {
              if (failure == null) {
                to.complete(value);
              } else {
                to.completeExceptionally(failure);
              }
            });
  }

  /** Leaves the grid in good order: the others take over at once. Blocks for some seconds. */
  @Override
  public void close() {
    executor.shutdownNow();
    instance.shutdown();
  }

  /** One line for each member that comes or goes. */
  private record MembershipLog(GridSettings settings) implements MembershipListener {
    @Override
    public void memberAdded(MembershipEvent event) {
      log("joined", event);
    }

    @Override
    public void memberRemoved(MembershipEvent event) {
      log("left", event);
    }

    private void log(String what, MembershipEvent event) {
      LOG.info(
          "grid member {} {}: {} of {} members in view, majority is {}",
          event.getMember().getAddress(),
          what,
          event.getMembers().size(),
          settings.voters().size(),
          settings.majority());
    }
  }
}

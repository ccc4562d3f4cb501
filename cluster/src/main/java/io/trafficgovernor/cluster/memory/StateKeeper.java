package io.trafficgovernor.cluster.memory;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.Scheduler;
import io.trafficgovernor.admission.ledger.LedgerState;
import io.trafficgovernor.cluster.LedgerGrid;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a node's memory of the ledger: offers what the disk holds to the grid until the grid has
 * heard it, and from then on writes the ledger to the disk once a second.
 *
 * <p>Until the grid has heard it nothing is written: a young ledger that knows less must not take
 * the place of what is remembered. Nor when every copy was lost while this process went on: the
 * ledger that is begun anew hears first what this one wrote last. Runs on the scheduler's one
 * thread, which may block on the disk.
 */
public final class StateKeeper {
  private static final Logger LOG = LoggerFactory.getLogger(StateKeeper.class);
  private static final long WRITE_NANOS = 1_000_000_000L;

  /** How often it asks to be heard: after a restart of all, nobody is served before. */
  private static final long OFFER_NANOS = 200_000_000L;

  private final LedgerGrid grid;
  private final Seeding seeding;
  private final Disk disk;
  private final Scheduler scheduler;
  private boolean heard;
  private boolean underWay;
  private boolean stopped;
  private boolean failing;
  private @Nullable LedgerState written;

  /** Of the ledger that has heard what this process wrote of another one. */
  private long toldLineage;

  /** The grid's ear for what a node remembers. */
  @FunctionalInterface
  public interface Seeding {
    /** Offers a remembered ledger; the answer says whether it was taken. */
    CompletionStage<Boolean> seed(LedgerState remembered);
  }

  /** Where it is remembered: a {@link StateFile}. */
  @FunctionalInterface
  public interface Disk {
    /**
     * Replaces what is remembered.
     *
     * @throws UncheckedIOException if the disk refuses; then the old one is still there
     * @throws IllegalStateException if it is too long
     */
    void write(LedgerState state);
  }

  /**
   * A keeper that does nothing until {@link #start}.
   *
   * @param scheduler a thread of its own: the disk may be slow
   */
  public StateKeeper(LedgerGrid grid, Seeding seeding, Disk disk, Scheduler scheduler) {
    this.grid = requireNonNull(grid, "grid");
    this.seeding = requireNonNull(seeding, "seeding");
    this.disk = requireNonNull(disk, "disk");
    this.scheduler = requireNonNull(scheduler, "scheduler");
  }

  /**
   * Begins.
   *
   * @param remembered what the disk held when the node started
   * @param whenHeard run once, on the scheduler's thread, when the grid has heard it, or at once if
   *     there is nothing to be heard. Leases are to be asked for from then on: a ledger that is
   *     begun before would grant without knowing how far things had got.
   * @param waiting told of each offer in vain why it was not heard, on the same thread; must not
   *     throw
   */
  public void start(
      Optional<LedgerState> remembered, Runnable whenHeard, Consumer<String> waiting) {
    scheduler.after(
        0,
        now -> {
          if (remembered.isEmpty()) {
            heard(whenHeard);
          }
          tick(remembered, whenHeard, waiting);
        });
  }

  private void heard(Runnable whenHeard) {
    heard = true;
    whenHeard.run();
  }

  /** Writes no more. */
  public void stop() {
    scheduler.after(0, now -> stopped = true);
  }

  private void tick(
      Optional<LedgerState> remembered, Runnable whenHeard, Consumer<String> waiting) {
    if (stopped) {
      return;
    }
    if (!underWay) {
      underWay = true;
      if (heard || remembered.isEmpty()) {
        keep();
      } else {
        offer(remembered.get(), whenHeard, waiting);
      }
    }
    scheduler.after(heard ? WRITE_NANOS : OFFER_NANOS, now -> tick(remembered, whenHeard, waiting));
  }

  private void offer(LedgerState remembered, Runnable whenHeard, Consumer<String> waiting) {
    seed(
        remembered,
        failure -> {
          if (failure == null) {
            heard(whenHeard);
          } else {
            waiting.accept(words(failure));
          }
        });
  }

  private void seed(LedgerState remembered, Consumer<@Nullable Throwable> then) {
    var unused =
        seeding
            .seed(remembered)
            .whenComplete(
                (taken, failure) ->
                    scheduler.after(
                        0,
                        now -> {
                          underWay = false;
                          if (failure == null) {
                            told(remembered, Boolean.TRUE.equals(taken));
                          }
                          then.accept(failure);
                        }));
  }

  private static String words(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return Objects.requireNonNullElse(root.getMessage(), root.getClass().getSimpleName());
  }

  private void told(LedgerState remembered, boolean taken) {
    if (taken) {
      LOG.info(
          "the grid goes on from what {} remembered: {}, epoch {}",
          disk,
          remembered.recovery().phase(),
          remembered.authority().epoch());
    }
  }

  private void keep() {
    var unused =
        grid.view()
            .whenComplete(
                (state, failure) ->
                    scheduler.after(
                        0,
                        now -> {
                          underWay = false;
                          if (failure == null && state != null && state.isPresent()) {
                            keep(state.get());
                          }
                        }));
  }

  private void keep(LedgerState state) {
    LedgerState last = written;
    long lineage = state.authority().lineage();
    if (last != null && last.authority().lineage() != lineage && lineage != toldLineage) {
      underWay = true;
      seed(last, failure -> toldLineage = failure == null ? lineage : toldLineage);
    } else {
      write(state);
    }
  }

  private void write(LedgerState state) {
    if (stopped || state.equals(written)) {
      return;
    }
    try {
      disk.write(state);
      written = state;
      failing = false;
    } catch (UncheckedIOException | IllegalStateException e) {
      if (!failing) {
        LOG.error("{}; a restart of all nodes would start from older memory", e.getMessage(), e);
      }
      failing = true;
    }
  }
}

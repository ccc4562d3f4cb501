package io.trafficgovernor.answers.journal;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.WallClock;
import io.trafficgovernor.answers.journal.Receipt.State;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes writes in, tells where they stand, and hands them out for delivery. Nothing is acknowledged
 * before its commit has returned.
 *
 * <p>Bounds: bytes of what waits, its age, the length of one body (kept by the caller), and the
 * jobs that wait for the {@link DiskThread}. Thread-safe; nothing but {@link #open} and {@link
 * #close} blocks.
 */
public final class WriteJournal implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WriteJournal.class);
  private static final Duration CLOSE = Duration.ofSeconds(5);

  /** Receipts are kept for so many times the age at which a write expires. */
  private static final int RECEIPT_AGES = 2;

  private final JournalFile file;
  private final WallClock wall;
  private final long maxAgeMillis;
  private final Undelivered undelivered;
  private final SetAside aside;
  private final PendingWrites pending;
  private final Map<State, AtomicLong> counts = new EnumMap<>(State.class);
  private final DiskThread thread;

  /** Told of writes that will not be delivered: they are too old, or cannot be read. */
  @FunctionalInterface
  public interface Undelivered {
    /** On the journal's thread, after it is on disk; at least one, of one state; must be short. */
    void undelivered(List<Receipt> receipts);
  }

  /** What a journal may hold. */
  public record Limits(long maxBytes, Duration maxAge) {}

  /** What became of a write that was handed in. */
  public sealed interface Accepted {
    /** It is on disk, now or since an earlier try with the same key. */
    record OnDisk(Receipt receipt) implements Accepted {}

    /** The key was used for something else. */
    record OtherWrite(Receipt receipt) implements Accepted {}

    /** There is no room, or the disk failed. */
    record Full(String why) implements Accepted {}
  }

  private WriteJournal(
      JournalFile file,
      Limits limits,
      WallClock wall,
      Undelivered undelivered,
      PendingWrites pending) {
    this.file = file;
    this.wall = requireNonNull(wall, "wall");
    this.maxAgeMillis = limits.maxAge().toMillis();
    this.undelivered = requireNonNull(undelivered, "undelivered");
    this.pending = pending;
    this.aside = new SetAside(file, pending, wall, undelivered);
    this.thread = new DiskThread(file, wall, this::sweep);
    for (State state : State.values()) {
      counts.put(state, new AtomicLong());
    }
  }

  /**
   * Opens the journal in that folder and takes up what a process before has left.
   *
   * @throws IOException if it cannot be used
   */
  public static WriteJournal open(
      Path folder, Limits limits, WallClock wall, Undelivered undelivered) throws IOException {
    JournalFile file = JournalFile.open(folder);
    PendingWrites pending = new PendingWrites(limits.maxBytes());
    WriteJournal journal = new WriteJournal(file, limits, wall, undelivered, pending);
    try {
      JournalFile.Aside before = file.aside();
      pending.occupied(before.bytes());
      journal.aside.found(before.rows());
      file.queued(pending::found, journal::setAside);
      file.commit();
    } catch (SQLException e) {
      IOException failure =
          new IOException("journal in " + folder + " cannot be read: " + e.getMessage(), e);
      try {
        file.close();
      } catch (SQLException alsoThat) {
        failure.addSuppressed(alsoThat);
      }
      throw failure;
    }
    if (pending.count() > 0) {
      LOG.info("journal: {} writes of a run before wait for delivery", pending.count());
    }
    journal.thread.start();
    return journal;
  }

  /** Whether a write to that target has to queue behind others. */
  public boolean waiting(String target) {
    return pending.waiting(target);
  }

  /** Puts a write on disk; the stage is told once it is there, on the journal's thread. */
  public CompletionStage<Accepted> accept(JournaledWrite write) {
    CompletableFuture<Accepted> told = new CompletableFuture<>();
    long size = write.bytes();
    if (!pending.reserve(write.target(), size)) {
      told.complete(new Accepted.Full("journal-full"));
    } else if (!thread.offer(accepting(write, told))) {
      pending.giveBack(write.target(), size);
      told.complete(new Accepted.Full("journal-busy"));
    }
    return told;
  }

  private Accepting accepting(JournaledWrite write, CompletableFuture<Accepted> told) {
    return new Accepting(
        new Accepting.Into(file, pending, aside, () -> counted(State.QUEUED)), write, told);
  }

  /** Where a write stands; told on the journal's thread. */
  public CompletionStage<Optional<Receipt>> receipt(String id) {
    return thread.reading(() -> file.receipt(id).map(aside::corrected));
  }

  /** A write that is to be delivered, and how that is reported. */
  public final class Delivery {
    private final JournalFile.Row row;
    private final JournaledWrite write;

    private Delivery(JournalFile.Row row, JournaledWrite write) {
      this.row = row;
      this.write = write;
    }

    public JournaledWrite write() {
      return write;
    }

    /** It was not delivered, and is tried again later. */
    public void later() {
      pending.putBack(row);
    }

    /**
     * The backend has answered for good. Until that is on disk the next write to its target waits;
     * if it cannot be put on disk, the write is delivered once more, with the same key.
     */
    public void done(State state, int status) {
      DiskThread.Job job = new Finishing(row, state, status);
      if (!thread.offer(job)) {
        later();
      }
    }
  }

  private final class Finishing implements DiskThread.Job {
    private final JournalFile.Row row;
    private final State state;
    private final int status;

    private Finishing(JournalFile.Row row, State state, int status) {
      this.row = row;
      this.state = state;
      this.status = status;
    }

    @Override
    public void run() throws SQLException {
      file.finish(row.seq(), state, status, wall.millis());
    }

    @Override
    public void committed() {
      pending.remove(row);
      counted(state);
    }

    @Override
    public void failed(Exception cause) {
      if (Damage.is(cause)) {
        // It is over, but its row says queued: a next process delivers it again, with its key.
        LOG.error("journal: row {} cannot be ended: {}", row.seq(), cause.toString());
        pending.setAside(row);
        counted(state);
      } else {
        pending.putBack(row);
      }
    }
  }

  /**
   * Writes to be delivered now, at most so many; told on the journal's thread.
   *
   * @param resting targets that are left out for now: they must not keep the others waiting
   */
  public CompletionStage<List<Delivery>> take(int most, Set<String> resting) {
    return thread.reading(() -> deliveries(pending.take(most, resting)));
  }

  private List<Delivery> deliveries(List<JournalFile.Row> rows) throws SQLException {
    List<Delivery> deliveries = new ArrayList<>();
    try {
      for (JournalFile.Row row : rows) {
        deliverable(row).ifPresent(deliveries::add);
      }
    } catch (SQLException e) {
      // Else they would be under way for ever: neither delivered nor expired.
      rows.forEach(pending::putBack);
      throw e;
    }
    return deliveries;
  }

  private Optional<Delivery> deliverable(JournalFile.Row row) throws SQLException {
    try {
      Optional<JournaledWrite> write = file.read(row.seq());
      if (write.isEmpty()) {
        pending.remove(row);
      }
      return write.map(each -> new Delivery(row, each));
    } catch (SQLException | RuntimeException e) {
      if (!Damage.is(e)) {
        throw e;
      }
      setAside(row, e);
      return Optional.empty();
    }
  }

  /** It stays under way, so that nobody takes it, until that is done. */
  private void setAside(JournalFile.Row row, Exception why) {
    if (!thread.offer(aside.job(row, why))) {
      LOG.warn("journal: row {} cannot be read: {}", row.seq(), why.toString());
      pending.putBack(row);
    }
  }

  private void counted(State state) {
    requireNonNull(counts.get(state)).incrementAndGet();
  }

  /**
   * How many have come to that state since the process started; QUEUED: were accepted; UNREADABLE:
   * lie there, those of earlier runs included.
   */
  public long count(State state) {
    return state == State.UNREADABLE ? aside.count() : requireNonNull(counts.get(state)).get();
  }

  /**
   * What waits, at one instant.
   *
   * @param oldestAgeMillis 0 if nothing waits
   */
  public record Waiting(long writes, long bytes, long oldestAgeMillis) {}

  /** What waits now. */
  public Waiting waiting() {
    long now = wall.millis();
    long oldest = pending.oldestMillis().orElse(now);
    return new Waiting(pending.count(), pending.bytes(), Math.max(0, now - oldest));
  }

  private void sweep(long nowMillis) {
    List<JournalFile.Row> old = pending.olderThan(nowMillis - maxAgeMillis);
    List<Receipt> receipts = new ArrayList<>();
    try {
      for (JournalFile.Row row : old) {
        Receipt receipt = aside.receipt(row);
        if (!expires(row, nowMillis)) {
          return;
        }
        receipts.add(receipt.as(State.EXPIRED, nowMillis));
      }
      file.forget(nowMillis - RECEIPT_AGES * maxAgeMillis);
      file.commit();
    } catch (SQLException e) {
      LOG.error("journal: the sweep failed: {}", e.toString());
      thread.undo();
      return;
    }
    old.forEach(pending::remove);
    receipts.forEach(each -> counted(State.EXPIRED));
    if (!receipts.isEmpty()) {
      undelivered.undelivered(receipts);
    }
  }

  /** Whether it could be ended. What is damaged is set aside, and the next sweep goes without. */
  private boolean expires(JournalFile.Row row, long nowMillis) throws SQLException {
    try {
      file.finish(row.seq(), State.EXPIRED, 0, nowMillis);
      return true;
    } catch (SQLException e) {
      if (!Damage.is(e)) {
        throw e;
      }
      thread.undo();
      setAside(row, e);
      return false;
    }
  }

  /**
   * Finishes what has been handed in, then lets go of the file. Blocks for some seconds at most.
   */
  @Override
  public void close() {
    try {
      if (thread.finish(CLOSE)) {
        file.close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (SQLException e) {
      LOG.warn("journal: the file was not closed: {}", e.toString());
    }
  }
}

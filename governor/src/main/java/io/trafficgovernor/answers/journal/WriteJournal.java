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
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes writes in, tells where they stand, and hands them out for delivery. Everything that touches
 * the disk happens on one thread; what has come together is committed together, so a crowd of
 * writes costs one fsync. Nothing is acknowledged before its commit has returned.
 *
 * <p>Bounds: bytes of what waits, its age, the length of one body (kept by the caller), and {@value
 * #MAX_JOBS} jobs that wait for the disk. Thread-safe; nothing but {@link #open} and {@link #close}
 * blocks.
 */
public final class WriteJournal implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WriteJournal.class);
  private static final int MAX_JOBS = 1024;
  private static final int MAX_TOGETHER = 256;
  private static final Duration SWEEP = Duration.ofSeconds(1);

  /** Receipts are kept for so many times the age at which a write expires. */
  private static final int RECEIPT_AGES = 2;

  private final JournalFile file;
  private final WallClock wall;
  private final long maxAgeMillis;
  private final Expired expired;
  private final PendingWrites pending;
  private final BlockingQueue<Job> jobs = new ArrayBlockingQueue<>(MAX_JOBS);
  private final Map<State, AtomicLong> counts = new EnumMap<>(State.class);
  private final Thread thread = new Thread(this::work, "governor-journal");
  private volatile boolean closing;

  /** Told of writes that will not be delivered because they are too old. */
  @FunctionalInterface
  public interface Expired {
    /** On the journal's thread, after it is on disk; must be short. */
    void expired(List<Receipt> receipts);
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

  /** Something to be done within one transaction. */
  private interface Job {
    void run() throws SQLException;

    /** The transaction is on disk. */
    void committed();

    void failed(Exception cause);
  }

  private WriteJournal(
      JournalFile file, Limits limits, WallClock wall, Expired expired, PendingWrites pending) {
    this.file = file;
    this.wall = requireNonNull(wall, "wall");
    this.maxAgeMillis = limits.maxAge().toMillis();
    this.expired = requireNonNull(expired, "expired");
    this.pending = pending;
    for (State state : State.values()) {
      counts.put(state, new AtomicLong());
    }
  }

  /**
   * Opens the journal in that folder and takes up what a process before has left.
   *
   * @throws IOException if it cannot be used
   */
  public static WriteJournal open(Path folder, Limits limits, WallClock wall, Expired expired)
      throws IOException {
    JournalFile file = JournalFile.open(folder);
    PendingWrites pending = new PendingWrites(limits.maxBytes());
    try {
      file.queued(pending::found);
      file.commit();
    } catch (SQLException e) {
      throw new IOException("journal in " + folder + " cannot be read: " + e.getMessage(), e);
    }
    WriteJournal journal = new WriteJournal(file, limits, wall, expired, pending);
    if (pending.count() > 0) {
      LOG.info("journal: {} writes of a run before wait for delivery", pending.count());
    }
    journal.thread.setDaemon(true);
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
    } else if (!jobs.offer(new Accepting(write, size, told))) {
      pending.giveBack(write.target(), size);
      told.complete(new Accepted.Full("journal-busy"));
    }
    return told;
  }

  /** One write on its way to the disk. */
  private final class Accepting implements Job {
    private final JournaledWrite write;
    private final long size;
    private final CompletableFuture<Accepted> told;
    private Accepted outcome = new Accepted.Full("journal-failed");
    private JournalFile.@org.jspecify.annotations.Nullable Row row;

    private Accepting(JournaledWrite write, long size, CompletableFuture<Accepted> told) {
      this.write = write;
      this.size = size;
      this.told = told;
    }

    @Override
    public void run() throws SQLException {
      Optional<JournalFile.Printed> known = file.known(write.client(), write.idempotencyKey());
      if (known.isPresent()) {
        Receipt receipt = known.get().receipt();
        outcome =
            known.get().print() == write.print()
                ? new Accepted.OnDisk(receipt)
                : new Accepted.OtherWrite(receipt);
        return;
      }
      long seq = file.insert(write);
      row = new JournalFile.Row(seq, write.target(), write.acceptedMillis(), size);
      outcome =
          new Accepted.OnDisk(
              new Receipt(
                  write.id(),
                  write.idempotencyKey(),
                  write.className(),
                  State.QUEUED,
                  write.acceptedMillis(),
                  0,
                  0));
    }

    @Override
    public void committed() {
      if (row == null) {
        pending.giveBack(write.target(), size);
      } else {
        pending.add(row);
        counted(State.QUEUED);
      }
      told.complete(outcome);
    }

    @Override
    public void failed(Exception cause) {
      pending.giveBack(write.target(), size);
      told.complete(new Accepted.Full("journal-failed"));
    }
  }

  /** Something read; it has nothing to commit. */
  private static final class Reading<T> implements Job {
    private final Read<T> read;
    private final CompletableFuture<T> told;

    private Reading(Read<T> read, CompletableFuture<T> told) {
      this.read = read;
      this.told = told;
    }

    @Override
    public void run() throws SQLException {
      told.complete(read.read());
    }

    @Override
    public void committed() {}

    @Override
    public void failed(Exception cause) {
      told.completeExceptionally(cause);
    }
  }

  private interface Read<T> {
    T read() throws SQLException;
  }

  private <T> CompletionStage<T> reading(Read<T> read) {
    CompletableFuture<T> told = new CompletableFuture<>();
    if (!jobs.offer(new Reading<>(read, told))) {
      told.completeExceptionally(new IllegalStateException("journal-busy"));
    }
    return told;
  }

  /** Where a write stands; told on the journal's thread. */
  public CompletionStage<Optional<Receipt>> receipt(String id) {
    return reading(() -> file.receipt(id));
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
      Job job = new Finishing(row, state, status);
      if (!jobs.offer(job)) {
        later();
      }
    }
  }

  private final class Finishing implements Job {
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
      pending.putBack(row);
    }
  }

  /** Writes to be delivered now, at most so many; told on the journal's thread. */
  public CompletionStage<List<Delivery>> take(int most) {
    return reading(
        () -> {
          List<Delivery> deliveries = new ArrayList<>();
          for (JournalFile.Row row : pending.take(most)) {
            Optional<JournaledWrite> write = file.read(row.seq());
            if (write.isPresent()) {
              deliveries.add(new Delivery(row, write.get()));
            } else {
              pending.remove(row);
            }
          }
          return deliveries;
        });
  }

  private void counted(State state) {
    requireNonNull(counts.get(state)).incrementAndGet();
  }

  /** How many have come to that state since the process started; QUEUED: were accepted. */
  public long count(State state) {
    return requireNonNull(counts.get(state)).get();
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

  private void work() {
    long nextSweepMillis = 0;
    while (!closing || !jobs.isEmpty()) {
      List<Job> together = new ArrayList<>();
      try {
        Job first = jobs.poll(SWEEP.toMillis(), TimeUnit.MILLISECONDS);
        if (first != null) {
          together.add(first);
          jobs.drainTo(together, MAX_TOGETHER);
        }
      } catch (InterruptedException e) {
        closing = true;
      }
      commit(together);
      long now = wall.millis();
      if (now >= nextSweepMillis) {
        nextSweepMillis = now + SWEEP.toMillis();
        sweep(now);
      }
    }
  }

  /** All of them or none: a job that fails fails those it came with, which are told so. */
  private void commit(List<Job> together) {
    if (together.isEmpty()) {
      return;
    }
    try {
      for (Job job : together) {
        job.run();
      }
      file.commit();
    } catch (SQLException | RuntimeException e) {
      LOG.error("journal: {} jobs failed: {}", together.size(), e.toString());
      undo();
      together.forEach(job -> job.failed(e));
      return;
    }
    together.forEach(Job::committed);
  }

  private void undo() {
    try {
      file.rollback();
    } catch (SQLException e) {
      LOG.error("journal: the transaction was not rolled back: {}", e.toString());
    }
  }

  private void sweep(long nowMillis) {
    List<JournalFile.Row> old = pending.olderThan(nowMillis - maxAgeMillis);
    List<Receipt> receipts = new ArrayList<>();
    try {
      for (JournalFile.Row row : old) {
        Optional<JournaledWrite> write = file.read(row.seq());
        file.finish(row.seq(), State.EXPIRED, 0, nowMillis);
        write.ifPresent(
            each ->
                receipts.add(
                    new Receipt(
                        each.id(),
                        each.idempotencyKey(),
                        each.className(),
                        State.EXPIRED,
                        each.acceptedMillis(),
                        nowMillis,
                        0)));
      }
      file.forget(nowMillis - RECEIPT_AGES * maxAgeMillis);
      file.commit();
    } catch (SQLException e) {
      LOG.error("journal: the sweep failed: {}", e.toString());
      undo();
      return;
    }
    old.forEach(pending::remove);
    receipts.forEach(each -> counted(State.EXPIRED));
    if (!receipts.isEmpty()) {
      expired.expired(receipts);
    }
  }

  /**
   * Finishes what has been handed in, then lets go of the file. Blocks for some seconds at most.
   */
  @Override
  public void close() {
    closing = true;
    try {
      thread.join(Duration.ofSeconds(5).toMillis());
      if (!thread.isAlive()) {
        file.close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (SQLException e) {
      LOG.warn("journal: the file was not closed: {}", e.toString());
    }
  }
}

package io.trafficgovernor.answers.journal;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.WallClock;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that touches the journal's file. What has come together is committed together, so
 * a crowd of writes costs one fsync; a job hears that it is done when its commit has returned.
 *
 * <p>Bounds: {@value #MAX_JOBS} jobs wait, {@value #MAX_TOGETHER} share a commit. Thread-safe but
 * for {@link #undo}; nothing but {@link #finish} blocks its caller.
 */
final class DiskThread {
  private static final Logger LOG = LoggerFactory.getLogger(DiskThread.class);
  private static final int MAX_JOBS = 1024;
  private static final int MAX_TOGETHER = 256;
  private static final Duration SWEEP = Duration.ofSeconds(1);

  private final JournalFile file;
  private final WallClock wall;
  private final LongConsumer sweep;
  private final BlockingQueue<Job> jobs = new ArrayBlockingQueue<>(MAX_JOBS);
  private final Thread thread = new Thread(this::work, "governor-journal");
  private volatile boolean closing;

  /** Something to be done within one transaction. */
  interface Job {
    /** Does it; it does not count before {@link #committed}, and may be done anew before. */
    void run() throws SQLException;

    /** The transaction is on disk. */
    void committed();

    /** Nothing of the transaction is on disk. */
    void failed(Exception cause);
  }

  /** A question to the file. */
  interface Read<T> {
    T read() throws SQLException;
  }

  /** Something read; it has nothing to commit. */
  private record Reading<T>(Read<T> read, CompletableFuture<T> told) implements Job {
    @Override
    public void run() throws SQLException {
      if (!told.isDone()) {
        told.complete(read.read());
      }
    }

    @Override
    public void committed() {}

    @Override
    public void failed(Exception cause) {
      told.completeExceptionally(cause);
    }
  }

  /**
   * A thread that is not started yet.
   *
   * @param sweep what is to be done once a second between commits, told the wall clock's time in ms
   */
  DiskThread(JournalFile file, WallClock wall, LongConsumer sweep) {
    this.file = requireNonNull(file, "file");
    this.wall = requireNonNull(wall, "wall");
    this.sweep = requireNonNull(sweep, "sweep");
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Hands in a job; false if too many wait. */
  boolean offer(Job job) {
    return jobs.offer(job);
  }

  /** Asks the file; told on this thread, and failed if too many jobs wait. */
  <T> CompletionStage<T> reading(Read<T> read) {
    CompletableFuture<T> told = new CompletableFuture<>();
    if (!offer(new Reading<>(read, told))) {
      told.completeExceptionally(new IllegalStateException("journal-busy"));
    }
    return told;
  }

  /** Ends once everything that was handed in is done; true if it has ended within that time. */
  boolean finish(Duration most) throws InterruptedException {
    closing = true;
    thread.join(most.toMillis());
    return !thread.isAlive();
  }

  private void work() {
    long nextSweepMillis = 0;
    while (!closing || !jobs.isEmpty()) {
      commit(arrived());
      long now = wall.millis();
      if (now >= nextSweepMillis) {
        nextSweepMillis = now + SWEEP.toMillis();
        sweep(now);
      }
    }
  }

  /** Whatever goes wrong in it: without this thread every write would wait for ever. */
  private void sweep(long nowMillis) {
    try {
      sweep.accept(nowMillis);
    } catch (RuntimeException e) {
      LOG.error("journal: the sweep failed: {}", e.toString());
      undo();
    }
  }

  /** What has come together; waits a second at most for the first. */
  private List<Job> arrived() {
    List<Job> together = new ArrayList<>();
    try {
      Job first = jobs.poll(SWEEP.toMillis(), TimeUnit.MILLISECONDS);
      if (first != null) {
        together.add(first);
        jobs.drainTo(together, MAX_TOGETHER - 1);
      }
    } catch (InterruptedException e) {
      closing = true;
    }
    return together;
  }

  /**
   * All of them or none: a job that fails fails those it came with, which are told so. One that
   * fails because its row is damaged fails alone, and the others are done without it.
   */
  private void commit(List<Job> together) {
    while (!together.isEmpty()) {
      int done = 0;
      try {
        for (Job job : together) {
          job.run();
          done++;
        }
        file.commit();
      } catch (SQLException | RuntimeException e) {
        undo();
        if (done == together.size() || !Damage.is(e)) {
          LOG.error("journal: {} jobs failed: {}", together.size(), e.toString());
          together.forEach(job -> job.failed(e));
          return;
        }
        together.remove(done).failed(e);
        continue;
      }
      together.forEach(Job::committed);
      return;
    }
  }

  /** Takes back what is not committed. On this thread only. */
  void undo() {
    try {
      file.rollback();
    } catch (SQLException e) {
      LOG.error("journal: the transaction was not rolled back: {}", e.toString());
    }
  }
}

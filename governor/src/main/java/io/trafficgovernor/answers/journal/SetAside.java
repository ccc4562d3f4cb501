package io.trafficgovernor.answers.journal;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.WallClock;
import io.trafficgovernor.answers.journal.Receipt.State;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes that cannot be read any more. They wait for nobody and nobody waits for them, but they
 * stay on disk as they are, for a person to look at, and count against the bound on bytes. Where
 * not even their state can be written they are set aside in memory, and found anew at each start.
 * On the journal's thread, but for {@link #count}.
 */
final class SetAside {
  private static final Logger LOG = LoggerFactory.getLogger(SetAside.class);

  private final JournalFile file;
  private final PendingWrites pending;
  private final WallClock wall;
  private final WriteJournal.Undelivered told;
  private final AtomicLong count = new AtomicLong();
  private final Set<Long> done = new HashSet<>();
  private final Set<String> inMemoryOnly = new HashSet<>();

  SetAside(JournalFile file, PendingWrites pending, WallClock wall, WriteJournal.Undelivered told) {
    this.file = requireNonNull(file, "file");
    this.pending = requireNonNull(pending, "pending");
    this.wall = requireNonNull(wall, "wall");
    this.told = requireNonNull(told, "told");
  }

  /** How many there are, those of earlier runs included. Thread-safe. */
  long count() {
    return count.get();
  }

  /** There are so many of earlier runs. */
  void found(long rows) {
    count.set(rows);
    if (rows > 0) {
      LOG.warn("journal: {} writes of runs before lie there unreadable", rows);
    }
  }

  /** A receipt, as far as the file does not know it. */
  Receipt corrected(Receipt receipt) {
    return inMemoryOnly.contains(receipt.id())
        ? receipt.as(State.UNREADABLE, receipt.finishedMillis())
        : receipt;
  }

  /** Sets that row aside. */
  DiskThread.Job job(JournalFile.Row row, Exception why) {
    return new Setting(row, why);
  }

  /** The receipt in that place; where it cannot be read either, one that names the place. */
  Receipt receipt(JournalFile.Row row) {
    try {
      Optional<Receipt> receipt = file.receiptAt(row.seq());
      if (receipt.isPresent()) {
        return receipt.get();
      }
    } catch (SQLException | RuntimeException e) {
      LOG.warn("journal: the receipt of row {} cannot be read: {}", row.seq(), e.toString());
    }
    return new Receipt("row-" + row.seq(), "", "", State.QUEUED, row.acceptedMillis(), 0, 0);
  }

  private final class Setting implements DiskThread.Job {
    private final JournalFile.Row row;
    private final Exception why;

    private Setting(JournalFile.Row row, Exception why) {
      this.row = row;
      this.why = why;
    }

    @Override
    public void run() throws SQLException {
      file.setAside(row.seq(), wall.millis());
    }

    @Override
    public void committed() {
      over(row, why, true);
    }

    @Override
    public void failed(Exception cause) {
      if (Damage.is(cause)) {
        over(row, why, false);
      } else {
        pending.putBack(row);
      }
    }
  }

  private void over(JournalFile.Row row, Exception why, boolean onDisk) {
    if (!done.add(row.seq())) {
      return;
    }
    Receipt receipt = receipt(row).as(State.UNREADABLE, wall.millis());
    if (!onDisk) {
      inMemoryOnly.add(receipt.id());
    }
    pending.setAside(row);
    count.incrementAndGet();
    LOG.error(
        "journal: write {} (row {}) cannot be read and is set aside: {}",
        receipt.id(),
        row.seq(),
        why.toString());
    told.undelivered(List.of(receipt));
  }
}

package io.trafficgovernor.answers.journal;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.answers.journal.Receipt.State;
import io.trafficgovernor.answers.journal.WriteJournal.Accepted;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One write on its way to the disk. On the journal's thread. */
final class Accepting implements DiskThread.Job {
  private static final Accepted FAILED = new Accepted.Full("journal-failed");

  private final Into into;
  private final JournaledWrite write;
  private final CompletableFuture<Accepted> told;
  private Accepted outcome = FAILED;
  private JournalFile.@Nullable Row row;

  /**
   * Where it goes.
   *
   * @param counted told of each that is new
   */
  record Into(JournalFile file, PendingWrites pending, SetAside aside, Runnable counted) {}

  /** For a write for which there is room already. */
  Accepting(Into into, JournaledWrite write, CompletableFuture<Accepted> told) {
    this.into = requireNonNull(into, "into");
    this.write = requireNonNull(write, "write");
    this.told = requireNonNull(told, "told");
  }

  @Override
  public void run() throws SQLException {
    row = null;
    Optional<JournalFile.Printed> known = into.file().known(write.client(), write.idempotencyKey());
    if (known.isPresent()) {
      outcome = again(known.get());
      return;
    }
    long seq = into.file().insert(write);
    row = new JournalFile.Row(seq, write.target(), write.acceptedMillis(), write.bytes());
    outcome = new Accepted.OnDisk(queued());
  }

  private Accepted again(JournalFile.Printed known) {
    Receipt receipt = into.aside().corrected(known.receipt());
    return known.print() == write.print()
        ? new Accepted.OnDisk(receipt)
        : new Accepted.OtherWrite(receipt);
  }

  private Receipt queued() {
    return new Receipt(
        write.id(),
        write.idempotencyKey(),
        write.className(),
        State.QUEUED,
        write.acceptedMillis(),
        0,
        0);
  }

  @Override
  public void committed() {
    if (row == null) {
      giveBack();
    } else {
      into.pending().add(row);
      into.counted().run();
    }
    told.complete(outcome);
  }

  @Override
  public void failed(Exception cause) {
    giveBack();
    told.complete(FAILED);
  }

  private void giveBack() {
    into.pending().giveBack(write.target(), write.bytes());
  }
}

package io.trafficgovernor.cluster.hazelcast.entry;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.ledger.Ledger;
import io.trafficgovernor.admission.ledger.LedgerState;
import io.trafficgovernor.admission.ledger.Owner;
import io.trafficgovernor.cluster.wire.RecordCodec;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a node remembers of the ledger, offered after a start. */
public final class SeedProcessor extends LedgerProcessor {
  private static final long serialVersionUID = 1;

  /** Whether it was taken, or why nothing may be written now. */
  record Answer(boolean taken, String refused) {}

  SeedProcessor() {}

  public SeedProcessor(LedgerState remembered) {
    super(remembered);
  }

  @Override
  Stepped step(Ledger ledger, Owner owner, @Nullable LedgerState before, byte[] order) {
    LedgerState remembered = RecordCodec.read(LedgerState.class, order);
    Optional<LedgerState> next = ledger.resumed(before, remembered, owner);
    LedgerState after = next.orElseGet(() -> requireNonNull(before, "a ledger from nothing"));
    return new Stepped(after, new Answer(next.isPresent(), ""));
  }

  @Override
  Record refusal(String why) {
    return new Answer(false, why);
  }

  /**
   * The reply that came back.
   *
   * @throws IllegalStateException if there is none, and why
   */
  public static boolean answer(byte[] bytes) {
    Answer answer = RecordCodec.read(Answer.class, bytes);
    if (!answer.refused().isEmpty()) {
      throw new IllegalStateException(answer.refused());
    }
    return answer.taken();
  }

  @Override
  public int getClassId() {
    return WireFactory.SEED;
  }
}

package io.trafficgovernor.cluster.hazelcast.entry;

import io.trafficgovernor.admission.ledger.CommandReply;
import io.trafficgovernor.admission.ledger.Ledger;
import io.trafficgovernor.admission.ledger.LedgerState;
import io.trafficgovernor.admission.ledger.Owner;
import io.trafficgovernor.admission.recovery.Command;
import io.trafficgovernor.cluster.wire.RecordCodec;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An operator's command, on its way to the owner of the ledger. */
public final class CommandProcessor extends LedgerProcessor {
  private static final long serialVersionUID = 1;

  /** The reply, or why there is none. */
  record Answer(Optional<CommandReply> reply, String refused) {}

  CommandProcessor() {}

  public CommandProcessor(Command command) {
    super(command);
  }

  @Override
  Stepped step(Ledger ledger, Owner owner, @Nullable LedgerState before, byte[] order) {
    Command command = RecordCodec.read(Command.class, order);
    Ledger.Commanded commanded = ledger.command(before, command, owner);
    return new Stepped(commanded.state(), new Answer(Optional.of(commanded.reply()), ""));
  }

  @Override
  Record refusal(String why) {
    return new Answer(Optional.empty(), why);
  }

  /**
   * The reply that came back.
   *
   * @throws IllegalStateException if there is none, and why
   */
  public static CommandReply answer(byte[] bytes) {
    Answer answer = RecordCodec.read(Answer.class, bytes);
    return answer.reply().orElseThrow(() -> new IllegalStateException(answer.refused()));
  }

  @Override
  public int getClassId() {
    return WireFactory.COMMAND;
  }
}

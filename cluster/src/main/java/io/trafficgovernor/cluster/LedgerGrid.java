package io.trafficgovernor.cluster;

import io.trafficgovernor.admission.lease.GrantReply;
import io.trafficgovernor.admission.lease.Renewal;
import io.trafficgovernor.admission.ledger.CommandReply;
import io.trafficgovernor.admission.ledger.LedgerState;
import io.trafficgovernor.admission.recovery.Command;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Where the ledger lives. All steps on it are serialised; an answer means that the step is safely
 * replicated. A stage that fails, or never completes, means "unknown": the step may or may not have
 * been taken.
 *
 * <p>Thread-safe; never blocks. Completions run on threads of the grid.
 */
public interface LedgerGrid {
  /** Renews a node's lease. */
  CompletionStage<GrantReply> renew(Renewal renewal);

  /** Puts an operator's command to the ledger. */
  CompletionStage<CommandReply> command(Command command);

  /** The entry as it is now, for display; empty if there is none yet. */
  CompletionStage<Optional<LedgerState>> view();
}

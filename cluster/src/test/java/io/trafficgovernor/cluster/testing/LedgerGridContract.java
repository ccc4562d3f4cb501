package io.trafficgovernor.cluster.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.lease.Grant;
import io.trafficgovernor.admission.lease.GrantReply;
import io.trafficgovernor.admission.ledger.CommandReply;
import io.trafficgovernor.admission.ledger.LedgerState;
import io.trafficgovernor.admission.recovery.Command;
import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.admission.recovery.Verb;
import io.trafficgovernor.cluster.LedgerGrid;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** What every grid has to do, whatever it is made of. */
public abstract class LedgerGridContract {
  /** Classes of the ledger that the grid holds. */
  protected static final int CLASSES = 3;

  private static final int MOST_TRIES = 10;

  /** A grid with no entry yet. */
  protected abstract LedgerGrid grid();

  /** The stage's value; waits for it in bounded time, real or virtual. */
  protected abstract <T> T await(CompletionStage<T> stage);

  /** The time of the grid's clock. */
  protected abstract long nanos();

  /** A grant in the end: on a busy machine a renewal may be answered too late, or not at all. */
  private Grant granted(LedgerGrid grid, Renewals node) {
    Grant grant = ((GrantReply.Granted) renewed(grid, node)).grant();
    node.hold(grant);
    return grant;
  }

  private GrantReply renewed(LedgerGrid grid, Renewals node) {
    for (int tries = 1; ; tries++) {
      try {
        return await(grid.renew(node.next(nanos())));
      } catch (AssertionError late) {
        if (tries == MOST_TRIES) {
          throw late;
        }
      }
    }
  }

  @Test
  void view_isEmptyBeforeTheFirstRenewal() {
    assertThat(await(grid().view())).isEmpty();
  }

  @Test
  void renew_beginsALedgerAndGrants() {
    LedgerGrid grid = grid();
    Grant grant = granted(grid, new Renewals("a", CLASSES));
    assertThat(grant.cluster().phase()).isEqualTo(Phase.PROBING);
    LedgerState state = await(grid.view()).orElseThrow();
    assertThat(state.nodes()).containsOnlyKeys("a");
    assertThat(state.authority().lineage()).isEqualTo(grant.id().lineage());
  }

  @Test
  void renew_grantsAreNumberedAndSeenByAll() {
    LedgerGrid grid = grid();
    Renewals a = new Renewals("a", CLASSES);
    Renewals b = new Renewals("b", CLASSES);
    long before = 0;
    for (int i = 0; i < 20; i++) {
      for (Renewals node : new Renewals[] {a, b}) {
        Grant grant = granted(grid, node);
        assertThat(grant.id().counter()).isGreaterThan(before);
        before = grant.id().counter();
      }
    }
    assertThat(await(grid.view()).orElseThrow().nodes()).containsOnlyKeys("a", "b");
  }

  @Test
  void renew_refusalComesThrough() {
    LedgerGrid grid = grid();
    GrantReply reply = renewed(grid, new Renewals("a", CLASSES + 1));
    assertThat(reply).isInstanceOf(GrantReply.Refused.class);
  }

  @Test
  void command_movesThePhaseForEverybody() {
    LedgerGrid grid = grid();
    Renewals node = new Renewals("a", CLASSES);
    final long epoch = granted(grid, node).cluster().epoch();
    Command close = new Command(Verb.CLOSE, "alice", "test", OptionalLong.empty(), 0);
    CommandReply reply = await(grid.command(close));
    assertThat(reply).isInstanceOf(CommandReply.Accepted.class);
    Grant after = granted(grid, node);
    assertThat(after.cluster().phase()).isEqualTo(Phase.OUTAGE);
    assertThat(after.cluster().epoch()).isEqualTo(epoch + 1);
  }

  @Test
  void command_refusalsComeThrough() {
    LedgerGrid grid = grid();
    granted(grid, new Renewals("a", CLASSES));
    Command stale = new Command(Verb.PIN, "alice", "test", OptionalLong.of(77), 10);
    assertThat(await(grid.command(stale))).isInstanceOf(CommandReply.Stale.class);
    long epoch = await(grid.view()).orElseThrow().authority().epoch();
    Command illegal = new Command(Verb.UNPIN, "alice", "test", OptionalLong.of(epoch), 0);
    assertThat(await(grid.command(illegal))).isInstanceOf(CommandReply.Illegal.class);
  }
}

package io.trafficgovernor.cluster.wire;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.lease.GrantReply;
import io.trafficgovernor.admission.lease.Renewal;
import io.trafficgovernor.admission.ledger.Ledger;
import io.trafficgovernor.admission.ledger.LedgerState;
import io.trafficgovernor.admission.ledger.Owner;
import io.trafficgovernor.cluster.testing.LocalMembers;
import io.trafficgovernor.cluster.testing.Renewals;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * How many bytes the owner sends to each copy with each renewal, and how many a node sends. The
 * bounds are what was measured and a tenth more; DESIGN.md, "Figures", has them.
 */
final class EntrySizeTest {
  private static final int CLASSES = 6;
  private static final long TICK = 100_000_000L;

  @ParameterizedTest
  @CsvSource({"3, 3200", "50, 19600", "100, 37200"})
  void entry_isBounded(int nodes, int mostBytes) {
    Ledger ledger = LocalMembers.ledger(nodes, CLASSES);
    List<Renewals> all = new ArrayList<>();
    for (int i = 0; i < nodes; i++) {
      all.add(new Renewals("gw-" + i, CLASSES));
    }
    LedgerState state = null;
    int renewalBytes = 0;
    for (long tick = 0; tick < 80; tick++) {
      for (Renewals each : all) {
        Renewal renewal = each.next(tick * TICK);
        renewalBytes = Math.max(renewalBytes, RecordCodec.write(renewal).length);
        Ledger.Renewed renewed = ledger.renew(state, renewal, new Owner("owner", tick * TICK, 5));
        each.hold(((GrantReply.Granted) renewed.reply()).grant());
        state = renewed.state();
      }
    }
    int bytes = RecordCodec.write(requireNonNull(state)).length;
    System.out.printf("entry of %d nodes: %d bytes, a renewal %d%n", nodes, bytes, renewalBytes);
    assertThat(bytes).isLessThan(mostBytes);
    assertThat(renewalBytes).isLessThan(210);
    assertThat(bytes).as("and can be read again").isLessThan(RecordCodec.MAX_LENGTH / 4);
  }
}

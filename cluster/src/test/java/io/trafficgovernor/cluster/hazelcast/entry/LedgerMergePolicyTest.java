package io.trafficgovernor.cluster.hazelcast.entry;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.spi.merge.MergingValue;
import io.trafficgovernor.admission.ledger.Ledger;
import io.trafficgovernor.admission.ledger.LedgerState;
import io.trafficgovernor.admission.ledger.Owner;
import io.trafficgovernor.cluster.testing.LocalMembers;
import io.trafficgovernor.cluster.testing.Renewals;
import org.junit.jupiter.api.Test;

/** What is left of two entries, or of one; what is in it is tested with Reunion. */
final class LedgerMergePolicyTest {
  private static final int CLASSES = 2;

  private final LedgerMergePolicy policy = new LedgerMergePolicy();

  private record Value(LedgerEntry entry) implements MergingValue<LedgerEntry> {
    @Override
    @SuppressWarnings("unchecked")
    public LedgerEntry getRawValue() {
      return entry;
    }

    @Override
    public LedgerEntry getDeserializedValue() {
      return entry;
    }
  }

  private static LedgerEntry entry(String... nodes) {
    Ledger ledger = LocalMembers.ledger(3, CLASSES);
    LedgerState state = null;
    for (String node : nodes) {
      Owner owner = new Owner("one", 1, 7);
      state = ledger.renew(state, new Renewals(node, CLASSES).next(1), owner).state();
    }
    return new LedgerEntry(requireNonNull(state));
  }

  @Test
  void merge_keepsTheNodesOfBothAndRaisesTheEpoch() {
    LedgerEntry small = entry("a");
    LedgerEntry large = entry("b", "c");
    LedgerState merged = policy.merge(new Value(small), new Value(large)).state();
    assertThat(merged.nodes()).containsOnlyKeys("a", "b", "c");
    assertThat(merged.authority().epoch()).isEqualTo(large.state().authority().epoch() + 1);
  }

  /** The target of a merge may hold no replica: Hazelcast's DiscardMergePolicy lost the ledger. */
  @Test
  void merge_keepsWhatTheTargetLacks() {
    LedgerEntry only = entry("a");
    LedgerState merged = policy.merge(new Value(only), null).state();
    assertThat(merged.nodes()).containsOnlyKeys("a");
    assertThat(merged.authority().epoch()).isEqualTo(only.state().authority().epoch() + 1);
  }

  @Test
  void merge_nothingIntoSomethingChangesNothing() {
    LedgerEntry only = entry("a");
    assertThat(policy.merge(null, new Value(only)).state()).isEqualTo(only.state());
  }
}

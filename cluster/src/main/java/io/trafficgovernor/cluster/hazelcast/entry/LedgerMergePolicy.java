package io.trafficgovernor.cluster.hazelcast.entry;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import com.hazelcast.spi.merge.MergingValue;
import com.hazelcast.spi.merge.SplitBrainMergePolicy;
import io.trafficgovernor.admission.ledger.LedgerState;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * When two halves of a split meet: the ledger with the higher epoch stays, and with the more grants
 * where the epochs are equal. What one half lacks is kept: Hazelcast's own policies can erase it.
 */
public final class LedgerMergePolicy
    implements SplitBrainMergePolicy<LedgerEntry, MergingValue<LedgerEntry>, Object>,
        IdentifiedDataSerializable {
  private static final Comparator<LedgerState> LATER =
      Comparator.comparingLong((LedgerState state) -> state.authority().epoch())
          .thenComparingLong(state -> state.authority().grants());

  @Override
  @SuppressWarnings("NullAway") // Hazelcast: null means "no entry"
  public Object merge(
      @Nullable MergingValue<LedgerEntry> merging, @Nullable MergingValue<LedgerEntry> existing) {
    if (existing == null || merging == null) {
      return merging != null
          ? merging.getRawValue()
          : existing != null ? existing.getRawValue() : null;
    }
    boolean later =
        LATER.compare(
                merging.getDeserializedValue().state(), existing.getDeserializedValue().state())
            > 0;
    return later ? merging.getRawValue() : existing.getRawValue();
  }

  @Override
  public int getFactoryId() {
    return WireFactory.ID;
  }

  @Override
  public int getClassId() {
    return WireFactory.MERGE;
  }

  @Override
  public void writeData(ObjectDataOutput out) {
    // it has no state
  }

  @Override
  public void readData(ObjectDataInput in) {
    // it has no state
  }
}

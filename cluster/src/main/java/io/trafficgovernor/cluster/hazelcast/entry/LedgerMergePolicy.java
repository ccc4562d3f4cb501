package io.trafficgovernor.cluster.hazelcast.entry;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import com.hazelcast.spi.merge.MergingValue;
import com.hazelcast.spi.merge.SplitBrainMergePolicy;
import io.trafficgovernor.admission.ledger.LedgerState;
import io.trafficgovernor.admission.ledger.Reunion;
import org.jspecify.annotations.Nullable;

/**
 * When two halves of a split meet: {@link Reunion}. Nothing is dropped: what the target lacks is
 * kept, where Hazelcast's own policies can erase it.
 */
public final class LedgerMergePolicy
    implements SplitBrainMergePolicy<LedgerEntry, MergingValue<LedgerEntry>, LedgerEntry>,
        IdentifiedDataSerializable {

  @Override
  @SuppressWarnings("NullAway") // Hazelcast: null means "no entry"
  public LedgerEntry merge(
      @Nullable MergingValue<LedgerEntry> merging, @Nullable MergingValue<LedgerEntry> existing) {
    @Nullable LedgerState from = stateOf(merging);
    @Nullable LedgerState into = stateOf(existing);
    if (from == null) {
      return into == null ? null : new LedgerEntry(into);
    }
    return new LedgerEntry(into == null ? Reunion.of(from) : Reunion.of(into, from));
  }

  private static @Nullable LedgerState stateOf(@Nullable MergingValue<LedgerEntry> value) {
    LedgerEntry entry = value == null ? null : value.getDeserializedValue();
    return entry == null ? null : entry.state();
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

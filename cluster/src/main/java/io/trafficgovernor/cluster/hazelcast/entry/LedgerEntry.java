package io.trafficgovernor.cluster.hazelcast.entry;

import static java.util.Objects.requireNonNull;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import io.trafficgovernor.admission.ledger.LedgerState;
import io.trafficgovernor.cluster.wire.RecordCodec;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The map's value: a ledger. Immutable once it has been read or made. */
public final class LedgerEntry implements IdentifiedDataSerializable {
  private @Nullable LedgerState state;

  LedgerEntry() {}

  LedgerEntry(LedgerState state) {
    this.state = state;
  }

  /** What it holds. */
  public LedgerState state() {
    return requireNonNull(state, "an entry that was not read");
  }

  @Override
  public int getFactoryId() {
    return WireFactory.ID;
  }

  @Override
  public int getClassId() {
    return WireFactory.ENTRY;
  }

  @Override
  public void writeData(ObjectDataOutput out) throws IOException {
    out.writeByteArray(RecordCodec.write(state()));
  }

  @Override
  public void readData(ObjectDataInput in) throws IOException {
    state = RecordCodec.read(LedgerState.class, requireNonNull(in.readByteArray(), "ledger"));
  }
}

package io.trafficgovernor.cluster.hazelcast.entry;

import static java.util.Objects.requireNonNull;

import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts the owner's result into a backup. */
final class InstallProcessor
    implements EntryProcessor<String, LedgerEntry, byte[]>, IdentifiedDataSerializable {
  private static final long serialVersionUID = 1;

  private transient @Nullable LedgerEntry result;

  InstallProcessor() {}

  InstallProcessor(LedgerEntry result) {
    this.result = result;
  }

  @Override
  public byte[] process(Map.Entry<String, LedgerEntry> entry) {
    entry.setValue(requireNonNull(result, "nothing to install"));
    return new byte[0];
  }

  @Override
  public int getFactoryId() {
    return WireFactory.ID;
  }

  @Override
  public int getClassId() {
    return WireFactory.INSTALL;
  }

  @Override
  public void writeData(ObjectDataOutput out) throws IOException {
    requireNonNull(result, "nothing to install").writeData(out);
  }

  @Override
  public void readData(ObjectDataInput in) throws IOException {
    LedgerEntry read = new LedgerEntry();
    read.readData(in);
    result = read;
  }
}

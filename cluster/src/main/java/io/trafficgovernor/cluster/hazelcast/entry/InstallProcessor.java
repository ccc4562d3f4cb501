package io.trafficgovernor.cluster.hazelcast.entry;

import static java.util.Objects.requireNonNull;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts the owner's result into a backup, and lets its member note when that was. */
final class InstallProcessor
    implements EntryProcessor<String, LedgerEntry, byte[]>,
        IdentifiedDataSerializable,
        HazelcastInstanceAware {
  private static final long serialVersionUID = 1;

  private transient @Nullable HazelcastInstance instance;
  private transient @Nullable LedgerEntry result;

  InstallProcessor() {}

  InstallProcessor(LedgerEntry result) {
    this.result = result;
  }

  @Override
  public byte[] process(Map.Entry<String, LedgerEntry> entry) {
    LedgerEntry given = requireNonNull(result, "nothing to install");
    entry.setValue(given);
    LedgerHost.of(instance).installed(entry.getKey(), given.state());
    return new byte[0];
  }

  @Override
  public void setHazelcastInstance(HazelcastInstance instance) {
    this.instance = instance;
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

package io.trafficgovernor.cluster.hazelcast.entry;

import static java.util.Objects.requireNonNull;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import io.trafficgovernor.admission.ledger.Ledger;
import io.trafficgovernor.admission.ledger.LedgerState;
import io.trafficgovernor.admission.ledger.Owner;
import io.trafficgovernor.cluster.wire.RecordCodec;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One step of the ledger on the owner of the entry. The backups receive the result; nothing that
 * depends on time is computed twice, and a repeated order is backed up again before it is answered.
 * It has no effect outside the entry: a minority may run it, and all that comes of it is discarded.
 */
public abstract sealed class LedgerProcessor
    implements EntryProcessor<String, LedgerEntry, byte[]>,
        IdentifiedDataSerializable,
        HazelcastInstanceAware
    permits RenewProcessor, CommandProcessor, SeedProcessor {
  private static final long serialVersionUID = 1;

  private transient @Nullable HazelcastInstance instance;
  private transient @Nullable LedgerEntry result;
  private byte[] order = new byte[0];
  private byte[] seal = new byte[0];

  LedgerProcessor() {}

  LedgerProcessor(Record order) {
    this.order = RecordCodec.write(order);
  }

  /** Proves that it comes from one of us. */
  public LedgerProcessor sealed(ClusterSecret secret) {
    seal = secret.seal(order);
    return this;
  }

  /** The step's result. */
  record Stepped(LedgerState next, Record reply) {}

  abstract Stepped step(Ledger ledger, Owner owner, @Nullable LedgerState before, byte[] order);

  /** The answer when nothing may be written. */
  abstract Record refusal(String why);

  @Override
  public byte[] process(Map.Entry<String, LedgerEntry> entry) {
    HazelcastInstance on = requireNonNull(instance, "not on a member");
    LedgerHost host = LedgerHost.of(on);
    if (!host.accepts(order, seal)) {
      return RecordCodec.write(refusal("cluster secret: got another, allowed the grid's own"));
    }
    Optional<String> lacking = host.quorum().lacking(on, entry.getKey());
    if (lacking.isPresent()) {
      return RecordCodec.write(refusal(lacking.get()));
    }
    @Nullable LedgerEntry present = entry.getValue();
    Owner owner = host.owner(on, entry.getKey(), present);
    Ledger ledger = host.ledger(entry.getKey());
    Stepped stepped = step(ledger, owner, present == null ? null : present.state(), order);
    result = new LedgerEntry(stepped.next());
    entry.setValue(result);
    return RecordCodec.write(stepped.reply());
  }

  @Override
  @SuppressWarnings("NullAway") // Hazelcast: null means "nothing to back up"
  public EntryProcessor<String, LedgerEntry, byte[]> getBackupProcessor() {
    return result == null ? null : new InstallProcessor(result);
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
  public void writeData(ObjectDataOutput out) throws IOException {
    out.writeByteArray(order);
    out.writeByteArray(seal);
  }

  @Override
  public void readData(ObjectDataInput in) throws IOException {
    order = requireNonNull(in.readByteArray(), "order");
    seal = requireNonNull(in.readByteArray(), "seal");
  }
}

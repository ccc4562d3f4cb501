package io.trafficgovernor.cluster.hazelcast.entry;

import com.hazelcast.nio.serialization.DataSerializableFactory;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;

/** Makes the empty objects that Hazelcast fills when it reads our types. */
public final class WireFactory implements DataSerializableFactory {
  /** Id of the factory. */
  public static final int ID = 7041;

  static final int ENTRY = 1;
  public static final int RENEW = 2;
  static final int COMMAND = 3;
  static final int INSTALL = 4;
  static final int MERGE = 5;
  static final int SEED = 6;

  @Override
  public IdentifiedDataSerializable create(int typeId) {
    return switch (typeId) {
      case ENTRY -> new LedgerEntry();
      case RENEW -> new RenewProcessor();
      case COMMAND -> new CommandProcessor();
      case INSTALL -> new InstallProcessor();
      case MERGE -> new LedgerMergePolicy();
      case SEED -> new SeedProcessor();
      default ->
          throw new IllegalArgumentException("type: got " + typeId + ", allowed 1 to " + SEED);
    };
  }
}

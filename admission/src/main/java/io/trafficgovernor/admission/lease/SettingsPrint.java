package io.trafficgovernor.admission.lease;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What a node's configuration tells the ledger, one number for each part, so that nodes with
 * different settings find out. All 0 stands for unknown: a node of an older version.
 *
 * @param classes of the class table: names, order, dependencies, patience and time-outs
 * @param mode of the ramp's mode
 * @param plan of the ramp's plan
 * @param reference of the configured reference rate
 */
public record SettingsPrint(long classes, long mode, long plan, long reference) {
  /** Of a node that does not say. */
  public static final SettingsPrint UNKNOWN = new SettingsPrint(0, 0, 0, 0);

  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  /** The number of a part that reads so: FNV-1a, 64 bits, never 0. */
  public static long of(String part) {
    long hash = FNV_OFFSET;
    for (byte each : part.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (each & 0xff)) * FNV_PRIME;
    }
    return hash == 0 ? 1 : hash;
  }

  /** Keys of the configuration in which the two differ; none if either is unknown. */
  public List<String> differences(SettingsPrint other) {
    List<String> keys = new ArrayList<>();
    if (equals(UNKNOWN) || other.equals(UNKNOWN)) {
      return keys;
    }
    add(keys, "classes", classes, other.classes);
    add(keys, "ramp.mode", mode, other.mode);
    add(keys, "ramp.plan", plan, other.plan);
    add(keys, "reference-rate", reference, other.reference);
    return keys;
  }

  private static void add(List<String> keys, String key, long one, long other) {
    if (one != other) {
      keys.add(key);
    }
  }
}

package io.trafficgovernor.cluster.hazelcast;

import com.hazelcast.config.Config;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a member's configuration must hold for the safety argument, looked at once more before it
 * starts: system properties and later edits can undo what {@link GridConfig} sets.
 */
final class GridChecks {
  /**
   * Longest lease. An answer without its copies comes after the backup time-out at the earliest;
   * counted from the send it must have ended by then.
   */
  private static final long LONGEST_LEASE_MILLIS = 2_000;

  private GridChecks() {}

  /**
   * Refuses settings under which an un-replicated grant could be used, or the grid fall apart.
   *
   * @throws IllegalStateException that names all of them
   */
  static void requireSafe(Config config, GridSettings settings) {
    List<String> faults = new ArrayList<>();
    String indeterminate = config.getProperty(GridConfig.FAIL_ON_INDETERMINATE);
    if (!"true".equals(indeterminate)) {
      faults.add(
          GridConfig.FAIL_ON_INDETERMINATE
              + ": got "
              + indeterminate
              + ", allowed true (or missing backups are credited when a member leaves)");
    }
    atLeast(
        faults,
        config,
        GridConfig.BACKUP_TIMEOUT_MILLIS,
        2 * LONGEST_LEASE_MILLIS,
        "twice the longest lease");
    atLeast(
        faults,
        config,
        GridConfig.IO_THREADS,
        GridConfig.ioThreads(settings),
        "four for each peer, or one frozen peer stops them all");
    int backups = config.getMapConfig(GridConfig.MAP).getBackupCount();
    if (backups < settings.voters().backups()) {
      faults.add(
          "backups: got " + backups + ", allowed " + settings.voters().backups() + " or more");
    }
    if (!settings.unencrypted() && !loopback(settings.host())) {
      faults.add(
          "host: got "
              + settings.host()
              + ", allowed a loopback address: the grid's port has no encryption, and a network"
              + " that protects it has to be named in the configuration");
    }
    if (!faults.isEmpty()) {
      throw new IllegalStateException("the grid would not be safe: " + String.join("; ", faults));
    }
  }

  private static boolean loopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private static void atLeast(
      List<String> faults, Config config, String property, long least, String why) {
    String text = config.getProperty(property);
    long value = text == null || !text.matches("\\d{1,18}") ? -1 : Long.parseLong(text);
    if (value < least) {
      faults.add(property + ": got " + text + ", allowed " + least + " or more (" + why + ")");
    }
  }
}

package io.trafficgovernor.loadtest.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a process has used so far, as Linux tells it.
 *
 * @param cpuMillis of all its threads, in user and system mode; in steps of 10
 * @param residentKib of memory now
 */
record ProcessCost(long cpuMillis, long residentKib) {
  /** The unit of /proc/PID/stat on every Linux there is: 1/100 s. */
  private static final long MILLIS_PER_TICK = 10;

  private static final int USER_TICKS = 11;
  private static final int SYSTEM_TICKS = 12;
  private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

  /** Of that process. */
  static ProcessCost of(long pid) {
    Path folder = Path.of("/proc", Long.toString(pid));
    try {
      return parse(
          Files.readString(folder.resolve("stat")), Files.readString(folder.resolve("status")));
    } catch (IOException e) {
      throw new UncheckedIOException("process " + pid + " has ended", e);
    }
  }

  /** Reads the texts of {@code stat} and {@code status}. Pure. */
  static ProcessCost parse(String stat, String status) {
    // the name stands in parentheses and may hold anything, so what counts is behind the last one
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    long ticks = Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS]);
    Matcher resident = RESIDENT.matcher(status);
    return new ProcessCost(
        ticks * MILLIS_PER_TICK, resident.find() ? Long.parseLong(resident.group(1)) : 0);
  }
}

package io.trafficgovernor.loadtest.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a process has used so far, as Linux tells it.
 *
 * @param cpuMillis of all its threads, in user and system mode; in steps of 10
 * @param compilerMillis that part of it in which a JVM compiled: it passes, so a process that is
 *     still at it is not ready to be measured
 * @param residentKib of memory now
 */
record ProcessCost(long cpuMillis, long compilerMillis, long residentKib) {
  /** The unit of /proc/PID/stat on every Linux there is: 1/100 s. */
  private static final long MILLIS_PER_TICK = 10;

  private static final int USER_TICKS = 11;
  private static final int SYSTEM_TICKS = 12;
  private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

  /** Of that process. */
  static ProcessCost of(long pid) {
    Path folder = Path.of("/proc", Long.toString(pid));
    try {
      ProcessCost all =
          parse(
              Files.readString(folder.resolve("stat")), Files.readString(folder.resolve("status")));
      return new ProcessCost(all.cpuMillis(), compilers(folder), all.residentKib());
    } catch (IOException e) {
      throw new UncheckedIOException("process " + pid + " has ended", e);
    }
  }

  private static long compilers(Path folder) throws IOException {
    long millis = 0;
    try (DirectoryStream<Path> threads = Files.newDirectoryStream(folder.resolve("task"))) {
      for (Path thread : threads) {
        millis += compilerMillis(stat(thread));
      }
    }
    return millis;
  }

  /** Empty once the thread has ended. */
  private static String stat(Path thread) throws IOException {
    try {
      return Files.readString(thread.resolve("stat"));
    } catch (NoSuchFileException ended) {
      return "";
    }
  }

  /** Reads the text of a thread's {@code stat}; 0 unless it is one of the JVM's compilers. Pure. */
  static long compilerMillis(String stat) {
    return stat.contains(" CompilerThre") ? millis(stat) : 0;
  }

  /** Reads the texts of {@code stat} and {@code status}; compilers are not told there. Pure. */
  static ProcessCost parse(String stat, String status) {
    Matcher resident = RESIDENT.matcher(status);
    return new ProcessCost(
        millis(stat), 0, resident.find() ? Long.parseLong(resident.group(1)) : 0);
  }

  private static long millis(String stat) {
    // the name stands in parentheses and may hold anything, so what counts is behind the last one
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS]))
        * MILLIS_PER_TICK;
  }

  /** The part of the time since then in which it compiled, 0 to 1. */
  double compiling(ProcessCost before) {
    long all = cpuMillis - before.cpuMillis;
    return all == 0 ? 0 : (double) (compilerMillis - before.compilerMillis) / all;
  }
}

package io.trafficgovernor.loadtest.account;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What one node wrote down of its tokens. Counters begin at 0 with each life of its process; {@link
 * #granted} goes on over them.
 *
 * @param node its name, for people
 * @param looks in the order of time
 */
record NodeLog(String node, List<Look> looks) {
  private static final int FIELDS = 6;

  /** A node that writes nothing for longer than this was not there, or stood still. */
  private static final long SILENCE_NANOS = 1_000_000_000L;

  /**
   * One line.
   *
   * @param granted tokens it was entitled to, over all its lives
   * @param sent requests that it sent, over all its lives
   * @param bound whether its rate bound it
   */
  record Look(
      long nanos, double granted, double sent, double rate, double ceiling, boolean bound) {}

  NodeLog {
    requireNonNull(node, "node");
    looks = List.copyOf(looks);
  }

  /**
   * Reads a log; an older half beside it comes first.
   *
   * @throws IllegalArgumentException that names the line that is none
   */
  static NodeLog read(String node, Path file) throws IOException {
    List<String> lines = new ArrayList<>();
    Path older = file.resolveSibling(file.getFileName() + ".1");
    if (Files.exists(older)) {
      lines.addAll(Files.readAllLines(older));
    }
    lines.addAll(Files.readAllLines(file));
    return of(node, lines);
  }

  static NodeLog of(String node, List<String> lines) {
    List<Look> looks = new ArrayList<>();
    double grantedBefore = 0;
    double sentBefore = 0;
    double granted = 0;
    double sent = 0;
    for (int number = 0; number < lines.size(); number++) {
      double[] fields = fields(node, number, lines.get(number));
      if (fields[2] < sent || fields[1] < granted) {
        grantedBefore += granted;
        sentBefore += sent;
      }
      granted = fields[1];
      sent = fields[2];
      looks.add(
          new Look(
              Long.parseLong(lines.get(number).split(" ", 2)[0]),
              grantedBefore + granted,
              sentBefore + sent,
              fields[3],
              fields[4],
              fields[5] > 0));
    }
    return new NodeLog(node, looks);
  }

  private static double[] fields(String node, int number, String line) {
    String[] texts = line.split(" ", FIELDS);
    double[] fields = new double[FIELDS];
    try {
      for (int i = 0; i < FIELDS; i++) {
        fields[i] = Double.parseDouble(texts[i]);
      }
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          "%s, line %d: got '%s', allowed 'nanos granted sent rate ceiling bound'"
              .formatted(node, number + 1, line),
          e);
    }
    return fields;
  }

  /** Tokens granted until then; what was granted between two looks came evenly. */
  double granted(long nanos) {
    int next = after(nanos);
    if (next == 0) {
      return looks.isEmpty() ? 0 : looks.get(0).granted();
    }
    Look before = looks.get(next - 1);
    if (next == looks.size()) {
      return before.granted();
    }
    Look then = looks.get(next);
    double part = (double) (nanos - before.nanos()) / (then.nanos() - before.nanos());
    return before.granted() + part * (then.granted() - before.granted());
  }

  /** The highest ceiling it knew of between two instants; 0 if it wrote nothing then. */
  double highestCeiling(long fromNanos, long untilNanos) {
    double highest = 0;
    for (int i = Math.max(0, after(fromNanos) - 1);
        i < looks.size() && looks.get(i).nanos() <= untilNanos;
        i++) {
      highest = Math.max(highest, looks.get(i).ceiling());
    }
    return highest;
  }

  /** Whether its rate did not bind it at some instant between those two. */
  boolean free(long fromNanos, long untilNanos) {
    for (int i = Math.max(0, after(fromNanos) - 1); i < looks.size(); i++) {
      Look look = looks.get(i);
      boolean covers = look.nanos() + SILENCE_NANOS >= fromNanos;
      if (covers && !look.bound()) {
        return true;
      }
      if (look.nanos() > untilNanos) {
        return false;
      }
    }
    return false;
  }

  /** The highest rate it ever had. */
  double highestRate() {
    return looks.stream().mapToDouble(Look::rate).max().orElse(0);
  }

  /** The first look after that instant; the number of looks if there is none. */
  private int after(long nanos) {
    int low = 0;
    int high = looks.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (looks.get(middle).nanos() <= nanos) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}

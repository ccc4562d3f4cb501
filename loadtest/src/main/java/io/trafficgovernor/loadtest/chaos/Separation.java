package io.trafficgovernor.loadtest.chaos;

import io.trafficgovernor.loadtest.fleet.RunFailedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Cuts governors off from each other in a network namespace of the run's own, where it can harm
 * nobody else: packets from one address to another are dropped by a rule of the routing policy, in
 * both directions. What is connected falls silent, as on a wire that is cut; what connects anew is
 * refused at once.
 */
final class Separation {
  private static final String PREFERENCE = "10";
  private static final long BOUND_SECONDS = 10;
  private static final int VOTERS = 5;

  private final List<List<String>> rules = new ArrayList<>();

  /** Words that start a command in a namespace of its own; they need the right to make one. */
  static final List<String> OWN_NAMESPACE = List.of("unshare", "--net");

  /** Whether this machine lets us have one, with the tools that are needed in it. */
  static boolean permitted() {
    try {
      return run(List.of("unshare", "--net", "ip", "link", "set", "lo", "up")).isEmpty();
    } catch (IOException noSuchTool) {
      return false;
    }
  }

  /**
   * Makes a fresh namespace fit: its loopback is up and has an address for each voter, and rules
   * come before the local addresses.
   *
   * @throws RunFailedException if that is refused
   */
  static void prepare() {
    must(List.of("ip", "link", "set", "lo", "up"));
    for (int voter = 1; voter <= VOTERS; voter++) {
      // Hazelcast binds to addresses that an interface names, not to all that loop back
      must(List.of("ip", "address", "add", "127.0.1." + voter + "/32", "dev", "lo"));
    }
    must(List.of("ip", "rule", "add", "pref", "100", "lookup", "local"));
    must(List.of("ip", "rule", "del", "pref", "0"));
  }

  /** Cuts each of these addresses off from each of those. */
  void cut(List<String> these, List<String> those) {
    for (String one : these) {
      for (String other : those) {
        drop(one, other);
        drop(other, one);
      }
    }
  }

  private void drop(String from, String to) {
    List<String> rule = List.of("pref", PREFERENCE, "from", from, "to", to, "blackhole");
    must(words("add", rule));
    rules.add(rule);
  }

  /** Joins them again. */
  void heal() {
    rules.forEach(rule -> must(words("del", rule)));
    rules.clear();
  }

  private static List<String> words(String verb, List<String> rule) {
    List<String> words = new ArrayList<>(List.of("ip", "rule", verb));
    words.addAll(rule);
    return words;
  }

  private static void must(List<String> command) {
    try {
      String complaint = run(command);
      if (!complaint.isEmpty()) {
        throw new RunFailedException(String.join(" ", command) + ": " + complaint);
      }
    } catch (IOException e) {
      throw new RunFailedException(String.join(" ", command) + ": " + e.getMessage(), e);
    }
  }

  /** What it complained of; nothing if it went well. */
  private static String run(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      String said =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      boolean ended = process.waitFor(BOUND_SECONDS, TimeUnit.SECONDS);
      if (ended && process.exitValue() == 0) {
        return "";
      }
      return said.isEmpty() ? "failed without a word" : said;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    } finally {
      process.destroyForcibly();
    }
  }
}

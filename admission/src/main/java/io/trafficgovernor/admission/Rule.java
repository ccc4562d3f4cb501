package io.trafficgovernor.admission;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * The rules of the law that can be left out, one at a time, to see what each is worth. In
 * production all of them hold.
 */
public enum Rule {
  /** A ramp begins with a doubling ceiling and evidence of single rounds. */
  SLOW_START("no slow start"),
  /** The ceiling doubles on its way back to a level that held. */
  KNOWN_GOOD("no doubling towards a level that held"),
  /** The window goes by each class's bare latency, not only by its time-out. */
  BASE_LATENCY("a window of a quarter of the time-out"),
  /** Now and then the window is made small to look at the bare latency. */
  PROBE_RTT("no look at the bare latency"),
  /** A backend that is slow with nothing queued has a new bare latency. */
  SLOWER("no new bare latency of a slower backend"),
  /** The window of a backend that is idle is wider. */
  SLACK("no wider window for an idle backend"),
  /** Refusals cut the ceiling. */
  FAST("no reaction to refusals"),
  /** Time-outs and failures cut window and ceiling. */
  HARD("no reaction to time-outs and failures"),
  /** Silence cuts window and ceiling. */
  STALL("no reaction to silence"),
  /** A ceiling that is not used sinks. */
  UNUSED("an unused ceiling stays"),
  /** The ceiling is at most three times the goodput. */
  THREE_TIMES("a ceiling over three times the goodput"),
  /** The ceiling allows eight requests of a quarter of a time-out each. */
  FLOOR("no floor but 1 % of the reference rate"),
  /** There is a window. */
  WINDOW("no window"),
  /** There is a ceiling. */
  CEILING("no ceiling"),
  /** Keys above the cutoff are refused at once. */
  CUTOFF("no cutoff"),
  /** Requests of a session with over a tenth of its class are placed one by one. */
  HEAVY_KEYS("one key for everybody behind one address"),
  /** A class waits for those it depends on. */
  GATES("no gates"),
  /** A class whose turn has not come has a hundredth all the same. */
  MINIMUM_SHARES("no minimum shares"),
  /** Nodes get by demand. */
  SHARES("equal shares for all nodes"),
  /** Parts of slots add up over renewals. */
  ROTATION("no slots that go round"),
  /** One more slot on each node for the two top classes. */
  EXTRA_SLOT("no extra slot"),
  /** Requests wait for slots and tokens. */
  ROOM("nobody waits"),
  /** Tokens stay behind for higher classes. */
  RESERVE("no reserve"),
  /** Refused requests of the two top classes are sent again. */
  REPLAY("no replay"),
  /** Clients are told when their turn comes. */
  HERD_SCHEDULE("clients come back after 1 to 5 s"),
  /** A node that is cut off has a share. */
  FAIL_SAFE("no fail-safe shares"),
  /** A change of demand is told at once. */
  EARLY_RENEWAL("no early renewals"),
  /** A level that failed is tried more slowly. */
  CAUTION("a level that failed is tried again at once"),
  /** In OPEN tokens are counted a while longer, under a ceiling that grows. */
  GRADUAL_EXIT("OPEN in one jump"),
  /** Phases bound the ceiling and begin anew. */
  PHASES("no phases but PROBING");

  private final String words;

  Rule(String words) {
    this.words = words;
  }

  /** What is so without it, in words. */
  public String words() {
    return words;
  }

  /** The word for command lines: the name in lower case, words joined by a hyphen. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The rule of that word; empty if there is none. */
  public static Optional<Rule> of(String word) {
    return Arrays.stream(values()).filter(rule -> rule.word().equals(word)).findFirst();
  }
}

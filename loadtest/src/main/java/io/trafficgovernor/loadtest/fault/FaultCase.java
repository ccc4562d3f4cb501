package io.trafficgovernor.loadtest.fault;

import java.time.Duration;

/** What is done to the governors, one after the other. */
public enum FaultCase {
  SKEW("load skewed over the nodes by Zipf 1.2, for 20 s", 20),
  HOT_NODE("70 % of the load on one node, another every 5 s", 30),
  KILL_OWNER("SIGKILL of the owner", 8),
  KILL_OTHER("SIGKILL of a non-owner", 8),
  /** Two of five leave a majority; two of three do not. */
  KILL_TWO("SIGKILL of the owner and another at once", 8),
  STOP_SHORT("SIGSTOP of the owner for 3 s", 3),
  STOP_LONG("SIGSTOP of the owner for 15 s", 15),
  CUT_OWNER("minority with the owner cut off for 15 s", 15),
  CUT_OTHERS("minority without the owner cut off for 15 s", 15),
  ROLLING("restart of each in turn", 0),
  CLIENT_COMES("a client joins", 5),
  CLIENT_DIES("SIGKILL of a client", 8),
  RESTART_OF_ALL("SIGKILL of all, and restart", 0),
  /** Last: a process under libfaketime may be ill without any step, and spoil what follows. */
  CLOCK("a node's clock steps by +30 s for 15 s", 15);

  private static final int ENOUGH_FOR_TWO = 5;

  private final String words;
  private final Duration hold;

  FaultCase(String words, long holdSeconds) {
    this.words = words;
    this.hold = Duration.ofSeconds(holdSeconds);
  }

  /** For people. */
  public String words() {
    return words;
  }

  /** How long it lasts before it is undone. */
  public Duration hold() {
    return hold;
  }

  /** Whether so many voters keep their majority under it, which is when it is worth a run. */
  public boolean suits(int voters) {
    return this != KILL_TWO || voters >= ENOUGH_FOR_TWO;
  }

  /** For files and checks: letters and hyphens. */
  String id() {
    return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }

  /** Whether nobody is harmed by it: only the load is another, and all of it is to be used. */
  public boolean ofLoad() {
    return this == SKEW || this == HOT_NODE;
  }

  /** Whether it needs a network that can be cut. */
  public boolean cutsOff() {
    return this == CUT_OWNER || this == CUT_OTHERS;
  }
}

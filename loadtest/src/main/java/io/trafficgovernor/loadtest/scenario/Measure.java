package io.trafficgovernor.loadtest.scenario;

/** What is measured in every run, and which way is better. */
public enum Measure {
  /** Good answers over the oracle's, percent. */
  EFFICIENCY("%", true),
  EFFICIENCY_60("%", true),
  EFFICIENCY_120("%", true),
  /** Seconds until both top classes were back. */
  CRITICAL_BACK("s", false),
  /** Seconds until the last class was back. */
  ALL_BACK("s", false),
  /** First attempts of the top classes that ended well, from 15 s after the return on, percent. */
  CRITICAL_SERVED("%", true),
  /** The same of all classes. */
  SERVED("%", true),
  /** Seconds until goodput reached 95 % of the least of demand and warm capacity. */
  T95("s", false),
  /** Seconds until the ledger said OPEN for good. */
  OPEN_AGAIN("s", false),
  /** Times the store, or the system behind it, broke down again. */
  RESTARTS("", false),
  /** Most requests beyond the ceiling in 100 ms. */
  EXCESS_100MS("tokens", false),
  EXCESS_1S("tokens", false),
  /** I6(b): times a lower class was sent while a higher one was refused, same node and instant. */
  ORDER_BREAKS("", false),
  /** I6(c): refusals of the top classes while lower ones were admitted, percent of arrivals. */
  ORDER_REFUSALS("%", false),
  ATTEMPTS_PER_SUCCESS("", false),
  /** Requests whose client had left when they were finished, percent. */
  BAD_WORK("%", false),
  /** Jain's index of the times that users of one class waited, least of the classes. */
  JAIN("", true),
  /** Admitted over what the ceiling allowed or the clients asked for, percent. */
  UTILISATION("%", true),
  /** First attempts refused by the governor from 15 s after the return on, percent. */
  SHED("%", false),
  /** First attempts let past the cutoff beyond or below the plan, per second and class, percent. */
  MARGINAL_ERROR("%", false),
  /** Most requests in a slot of 50 ms over what the ceiling allows in it, from 5 s on. */
  HERD_PEAK("", false),
  /** Most attempts that came back in a slot of 50 ms, over what the ceiling allows in it. */
  HERD_RETURNS("", false),
  /** Time until 99 % of the herd were served, over what a store at work all the time needs. */
  HERD_DRAIN("", false);

  private final String unit;
  private final boolean higherIsBetter;

  Measure(String unit, boolean higherIsBetter) {
    this.unit = unit;
    this.higherIsBetter = higherIsBetter;
  }

  /** Its name in files and reports. */
  public String tag() {
    return Fields.tag(this);
  }

  public String unit() {
    return unit;
  }

  public boolean higherIsBetter() {
    return higherIsBetter;
  }
}

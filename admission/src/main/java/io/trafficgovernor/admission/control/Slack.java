package io.trafficgovernor.admission.control;

/**
 * How much wider than Little's law the window may be, because the backend does not fill it:
 * requests are refused for want of a slot although on average much of the window is free, or
 * although they are few. The free slots lie with other nodes, or the requests came in a bunch. A
 * busy backend fills any window and leaves many without a slot.
 *
 * <p>The window stays within the goodput of a quarter of the time-out whatever the factor (T2).
 *
 * @param factor 1 or more
 */
public record Slack(double factor) {
  public static final Slack NONE = new Slack(1);

  /** Mean use of the window up to which refusals mean that it is too narrow for bunches. */
  private static final double IDLE_USE = 0.55;

  /** From this use on the backend itself fills the window. */
  private static final double BUSY_USE = 0.75;

  /** Up to this part of the outcomes, refusals are few: the demand is nearly met. */
  private static final double FEW_REFUSALS = 0.1;

  private static final double GROWTH = 1.5;
  private static final double SHRINKAGE = 1.25;
  private static final double DECAY = 0.99;
  private static final double MAX = 16;
  private static final int MIN_ANSWERS = 20;

  public Slack {
    factor = Math.max(1, factor);
  }

  /** After a round without HARD or STALL. */
  Slack after(ControllerState state, Round round, boolean fast) {
    if (fast) {
      return NONE;
    }
    Tally total = round.total();
    if (total.refused() + total.unreachable() + total.timeout() > 0) {
      return new Slack(factor / SHRINKAGE);
    }
    if (!state.probe().feedsBase(round.startNanos())
        || total.inRequests(total.answers()) < MIN_ANSWERS) {
      return this;
    }
    double use = use(state, round);
    if (use >= BUSY_USE && !fewRefused(round)) {
      return new Slack(factor / SHRINKAGE);
    }
    if (round.slotRefusals() == 0) {
      return new Slack(factor * DECAY);
    }
    boolean withinLittle = use * factor <= 1;
    boolean idle = use <= IDLE_USE || (fewRefused(round) && withinLittle);
    return idle ? new Slack(Math.min(MAX, factor * GROWTH)) : this;
  }

  /** Whether the backend fills the window, not chance. */
  static boolean crowded(ControllerState state, Round round) {
    return use(state, round) >= BUSY_USE || !fewRefused(round);
  }

  /** Mean number of requests at the backend over the window, by Little's law. */
  private static double use(ControllerState state, Round round) {
    return round.total().latencyNanos() / 1e9 / round.seconds() / state.level().window();
  }

  private static boolean fewRefused(Round round) {
    return round.slotRefusals() <= FEW_REFUSALS * round.total().ended();
  }
}

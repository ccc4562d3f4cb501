package io.trafficgovernor.admission.control;

import io.trafficgovernor.admission.ClassTable;
import io.trafficgovernor.admission.Rule;
import io.trafficgovernor.admission.Rules;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** How large the window may be, and the bare latencies it goes by. Pure. */
final class WindowRule {
  /** Least window outside a STALL, requests. */
  static final double MIN_WINDOW = 8;

  /** The window never holds more than the goodput of this part of the time-out. */
  static final double QUEUE_SHARE_OF_TIMEOUT = 0.25;

  /** A window that is used to this part binds. */
  static final double BINDING_SHARE = 0.7;

  /** What a class's latency may grow to before the window stops growing: 2.5 base + 5 ms. */
  private static final double BASE_FACTOR = 2.5;

  private static final double BASE_SLACK_SECONDS = 0.005;
  private static final double UNKNOWN_BASE_SHARE_OF_TIMEOUT = 0.1;
  private static final double PROBE_WINDOW_SHARE = 0.6;
  private static final double SLOWER_FACTOR = 2.5;

  private final ClassTable classes;
  private final boolean byBase;

  WindowRule(ClassTable classes, Rules rules) {
    this.classes = classes;
    this.byBase = rules.hold(Rule.BASE_LATENCY);
  }

  /**
   * Little's law, class by class: goodput times what each class's latency may be, times the slack
   * of an idle backend; never more than the goodput of a quarter of the time-out.
   */
  double window(
      double best, List<Double> shares, List<BaseLatency> bases, boolean probing, double slack) {
    double allowedSeconds = 0;
    double limitSeconds = 0;
    for (int rank = 0; rank < shares.size(); rank++) {
      double timeout = classes.at(rank).timeoutSeconds();
      double limit = QUEUE_SHARE_OF_TIMEOUT * timeout;
      OptionalDouble base = bases.get(rank).seconds();
      double allowed;
      if (probing) {
        double bare = base.orElse(UNKNOWN_BASE_SHARE_OF_TIMEOUT * timeout);
        allowed = PROBE_WINDOW_SHARE * Math.min(bare, limit);
      } else {
        allowed =
            base.isEmpty() || !byBase
                ? limit
                : Math.min(limit, BASE_FACTOR * base.getAsDouble() + BASE_SLACK_SECONDS);
      }
      allowedSeconds += shares.get(rank) * allowed;
      limitSeconds += shares.get(rank) * limit;
    }
    double wanted = probing ? allowedSeconds : Math.min(slack * allowedSeconds, limitSeconds);
    return Math.max(MIN_WINDOW, best * wanted);
  }

  static List<BaseLatency> fed(ControllerState state, Round round) {
    if (!state.probe().feedsBase(round.startNanos())) {
      return state.bases();
    }
    long life = state.probe().blockLifeNanos();
    List<BaseLatency> fed = new ArrayList<>();
    for (int rank = 0; rank < state.bases().size(); rank++) {
      fed.add(state.bases().get(rank).plus(round, round.tallies().get(rank), life));
    }
    return fed;
  }

  /** A full, smallest window and yet slow: nothing is queued, so the backend itself got slower. */
  static List<BaseLatency> slower(List<BaseLatency> bases, ControllerState state, Round round) {
    double window = state.level().window();
    if (window > MIN_WINDOW || round.inFlight() < BINDING_SHARE * window) {
      return bases;
    }
    OptionalDouble quotient = quotient(bases, round, 1);
    if (quotient.isEmpty() || quotient.getAsDouble() <= SLOWER_FACTOR) {
      return bases;
    }
    long expires = round.endNanos() + state.probe().blockLifeNanos();
    return scaled(bases, quotient.getAsDouble(), expires, true);
  }

  static List<BaseLatency> probed(
      List<BaseLatency> bases, OptionalDouble quotient, long expiresNanos) {
    return quotient.isPresent() && quotient.getAsDouble() < 1
        ? scaled(bases, quotient.getAsDouble(), expiresNanos, false)
        : bases;
  }

  private static List<BaseLatency> scaled(
      List<BaseLatency> bases, double factor, long expiresNanos, boolean replace) {
    List<BaseLatency> scaled = new ArrayList<>();
    for (BaseLatency base : bases) {
      OptionalDouble seconds = base.seconds();
      if (seconds.isEmpty()) {
        scaled.add(base);
      } else if (replace) {
        scaled.add(base.replaced(factor * seconds.getAsDouble(), expiresNanos));
      } else {
        scaled.add(base.withBlock(factor * seconds.getAsDouble(), expiresNanos));
      }
    }
    return scaled;
  }

  /** Measured latency over base latency, weighted by answers; empty below that many answers. */
  static OptionalDouble quotient(List<BaseLatency> bases, Round round, int minAnswers) {
    long answers = 0;
    double measured = 0;
    double expected = 0;
    for (int rank = 0; rank < bases.size(); rank++) {
      OptionalDouble base = bases.get(rank).seconds();
      Tally tally = round.tallies().get(rank);
      if (base.isPresent()) {
        answers += Math.round(tally.inRequests(tally.answers()));
        measured += tally.latencyNanos() / 1e9;
        expected += tally.answers() * base.getAsDouble();
      }
    }
    return answers < minAnswers || expected == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(measured / expected);
  }

  static List<BaseLatency> withoutOpenBlocks(List<BaseLatency> bases) {
    return bases.stream().map(BaseLatency::withoutOpen).toList();
  }
}

package io.trafficgovernor.admission.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.testing.Classes;
import io.trafficgovernor.admission.testing.Rounds;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** I3, I4 and I5 on random evidence, and that worse news never raises anything. */
final class CeilingControllerProperties {
  private static final int CLASSES = 3;
  private static final double TIMEOUT_SECONDS = 1;
  private static final Reference REFERENCE = new Reference(500, 0.02, List.of(), 500);
  private static final double FLOOR = 32;

  private final CeilingController controller = new CeilingController(Classes.chain(CLASSES));

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 200);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void step_keepsTheInvariants(long seed) {
    String broken = firstBroken(seed, step -> step);
    assertThat(broken).isEmpty();
  }

  /** Negative controls: a law that lets go in one place is caught. */
  @Test
  void step_brokenLawsAreCaught() {
    assertThat(caught(s -> level(s, s.level().ceiling() * 1.6, s.level().window()))).isTrue();
    assertThat(caught(s -> level(s, s.level().ceiling(), s.level().window() * 2 + 9))).isTrue();
    assertThat(caught(s -> level(s, Math.max(s.level().ceiling(), 400), s.level().window())))
        .isTrue();
  }

  private boolean caught(Function<ControllerState, ControllerState> flaw) {
    return seeds().limit(100).anyMatch(seed -> !firstBroken(seed, flaw).isEmpty());
  }

  private static ControllerState level(ControllerState state, double ceiling, double window) {
    Level level = state.level();
    return state.withLevel(new Level(ceiling, window, level.slowStart(), level.knownGood()));
  }

  private String firstBroken(long seed, Function<ControllerState, ControllerState> flaw) {
    SplittableRandom random = new SplittableRandom(seed);
    Rounds rounds = new Rounds(CLASSES);
    ControllerState state = controller.start(REFERENCE, 0);
    for (int i = 0; i < 120; i++) {
      Round round = random(random, rounds, state.level().window());
      CeilingController.Step step = controller.step(state, round, REFERENCE);
      ControllerState after = flaw.apply(step.state());
      String broken = broken(state, step.verdict(), after);
      if (!broken.isEmpty()) {
        return "round " + i + ": " + broken;
      }
      state = after;
    }
    return "";
  }

  private static String broken(ControllerState before, Verdict verdict, ControllerState after) {
    double best = after.goodput().best();
    Level from = before.level();
    Level to = after.level();
    boolean restarting = before.brakes().stalled();
    double factor =
        from.slowStart() || restarting || from.ceiling() < 0.5 * from.knownGood() ? 2 : 1.5;
    if (to.ceiling() > from.ceiling() + 1e-9
        && to.ceiling() > Math.max(FLOOR, factor * best) + 1e-9) {
      return "I3: raised to %s with a goodput of %s".formatted(to.ceiling(), best);
    }
    if (to.ceiling() > Math.max(FLOOR, Math.max(3 * best, from.ceiling())) + 1e-9) {
      return "I4: %s with a goodput of %s".formatted(to.ceiling(), best);
    }
    boolean stall = verdict.signal().filter(s -> s == Signal.STALL).isPresent();
    boolean held = to.window() == from.window();
    if (!stall && !held && to.window() > Math.max(8, best * TIMEOUT_SECONDS / 4) + 1e-9) {
      return "I5: window %s with a goodput of %s".formatted(to.window(), best);
    }
    if (verdict.red() && to.ceiling() > from.ceiling() + 1e-9) {
      return verdict + " raised the ceiling";
    }
    return to.ceiling() < REFERENCE.minCeiling() - 1e-9 ? "an absorbing zero" : "";
  }

  private static Round random(SplittableRandom random, Rounds rounds, double window) {
    int mood = random.nextInt(8);
    List<Tally> tallies = new ArrayList<>();
    for (int rank = 0; rank < CLASSES; rank++) {
      long n = random.nextInt(100);
      double latency = 5 + random.nextDouble() * 200;
      tallies.add(
          switch (mood) {
            case 0 -> Tally.NONE;
            case 1 -> Rounds.refused(n, random.nextInt(40));
            case 2 -> Rounds.timedOut(n, random.nextInt(40));
            case 3 -> Rounds.failed(n, random.nextInt(100));
            default -> Rounds.good(n, latency);
          });
    }
    int inFlight = random.nextInt((int) window + 2);
    return rounds.of(250 + random.nextInt(750), tallies, inFlight, random.nextInt(2));
  }

  /** The same history, but the last round's successes became something worse. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void step_worseNewsNeverRaisesTheCeiling(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Rounds rounds = new Rounds(CLASSES);
    ControllerState state = controller.start(REFERENCE, 0);
    for (int i = 0; i < 40; i++) {
      Round round = random(random, rounds, state.level().window());
      CeilingController.Step truth = controller.step(state, round, REFERENCE);
      Round worse = worse(round, random.nextInt(3));
      CeilingController.Step bad = controller.step(state, worse, REFERENCE);
      assertThat(bad.state().level().ceiling())
          .as("round %d, %s against %s", i, worse.total(), round.total())
          .isLessThanOrEqualTo(truth.state().level().ceiling() + 1e-9);
      state = truth.state();
    }
  }

  private static Round worse(Round round, int kind) {
    List<Tally> tallies = new ArrayList<>();
    for (Tally t : round.tallies()) {
      long lost = t.success() / 2;
      long latency = t.answers() == 0 ? 0 : t.latencyNanos() * (t.answers() - lost) / t.answers();
      tallies.add(
          new Tally(
              t.success() - lost,
              t.refused() + (kind == 0 ? lost : 0),
              t.failure(),
              t.unreachable() + (kind == 1 ? lost : 0),
              t.timeout() + (kind == 2 ? lost : 0),
              latency));
    }
    return new Round(
        round.startNanos(), round.endNanos(), tallies, round.inFlight(), round.slotRefusals(), 0);
  }
}

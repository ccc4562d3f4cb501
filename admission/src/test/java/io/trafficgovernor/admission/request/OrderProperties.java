package io.trafficgovernor.admission.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.Outcome;
import io.trafficgovernor.admission.Rule;
import io.trafficgovernor.admission.Rules;
import io.trafficgovernor.admission.ShedReason;
import io.trafficgovernor.admission.VirtualTime;
import io.trafficgovernor.admission.order.SessionKey;
import io.trafficgovernor.admission.testing.Classes;
import io.trafficgovernor.admission.testing.Leases;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random traffic through one node: nobody is served before a higher class that waits (I6 b), keys
 * below the cutoff are never refused for it and keys above it never admitted (I6 a, I7), and
 * permits end once however clumsy their holders are (I8). Each with a broken variant that is
 * caught.
 */
final class OrderProperties {
  /** Minimum shares are the one exception from the order; they have a test of their own. */
  private static final Rules STRICT = Rules.without(List.of(Rule.MINIMUM_SHARES));

  private static final int CLASSES = 4;
  private static final long SALT = 7;

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 200);
  }

  /** Sends random requests through one controller per class, or one for all. */
  private static final class Life {
    private final VirtualTime time = new VirtualTime();
    private final SplittableRandom random;
    private final List<AdmissionController> controllers = new ArrayList<>();
    private final Set<Arrival> waiting = new LinkedHashSet<>();
    private final List<Permit> permits = new ArrayList<>();
    private long cutoff = Long.MAX_VALUE;
    private int overtakings;
    private int wronglyCut;
    private int wronglyPassed;

    private Life(long seed, RetryRule rule, int controllers) {
      random = new SplittableRandom(seed);
      for (int i = 0; i < controllers; i++) {
        this.controllers.add(
            new AdmissionController(Classes.chain(CLASSES), time, false, rule, STRICT));
      }
    }

    private Life run(long checkedSalt) {
      for (int step = 0; step < 1000; step++) {
        int what = random.nextInt(12);
        if (step == 0 || what == 0) {
          adopt(step + 1L);
        } else if (what < 8) {
          request(checkedSalt);
        } else {
          finishOne();
        }
        time.advanceMillis(random.nextInt(15));
      }
      return this;
    }

    private void adopt(long counter) {
      cutoff = random.nextInt(3) == 0 ? random.nextLong(CLASSES * SessionKey.PER_CLASS) : 1L << 20;
      Leases lease =
          Leases.ample()
              .rate(random.nextDouble() * 150)
              .slots(1 + random.nextInt(8))
              .cutoff(cutoff)
              .counter(counter);
      for (AdmissionController each : controllers) {
        each.adopt(lease.sent(time.nanos()), time.nanos());
      }
    }

    private void request(long checkedSalt) {
      int rank = random.nextInt(CLASSES);
      Attempt attempt = List.of(Attempt.values()).get(random.nextInt(3));
      int cost = random.nextInt(5) == 0 ? 1 + random.nextInt(4) : 1;
      Arrival[] self = new Arrival[1];
      self[0] =
          new Arrival(
              rank,
              random.nextLong(),
              time.nanos(),
              attempt,
              cost,
              (decision, now) -> heard(self[0], decision));
      Decision now = controllers.get(rank % controllers.size()).decide(self[0], time.nanos());
      boolean above = SessionKey.of(self[0].place(), self[0].sessionHash(), checkedSalt) >= cutoff;
      boolean cut = now instanceof Decision.Shed shed && shed.reason() == ShedReason.CUTOFF;
      wronglyCut += cut && !above ? 1 : 0;
      wronglyPassed += !cut && above ? 1 : 0;
      if (now instanceof Decision.Waiting) {
        waiting.add(self[0]);
      } else {
        heard(self[0], now);
      }
    }

    private void heard(Arrival arrival, Decision decision) {
      waiting.remove(arrival);
      if (decision instanceof Decision.Admitted admitted) {
        boolean overtakes = waiting.stream().anyMatch(other -> other.place() < arrival.place());
        overtakings += overtakes ? 1 : 0;
        if (admitted.permit().send(time.nanos())) {
          permits.add(admitted.permit());
        }
      }
    }

    private void finishOne() {
      if (!permits.isEmpty()) {
        Permit permit = permits.remove(random.nextInt(permits.size()));
        permit.end(Outcome.SUCCESS, 1, time.nanos());
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void nobody_isServedBeforeAHigherClassThatWaits(long seed) {
    assertThat(new Life(seed, RetryRule.EQUAL, 1).run(SALT).overtakings).isZero();
    assertThat(new Life(seed, RetryRule.MOVED_DOWN, 1).run(SALT).overtakings).isZero();
  }

  /** Broken: a gate for each class, so that no class knows of the others. */
  @Test
  void nobody_negativeControl() {
    long caught =
        seeds()
            .limit(20)
            .filter(s -> new Life(s, RetryRule.EQUAL, 4).run(SALT).overtakings > 0)
            .count();
    assertThat(caught).isEqualTo(20);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void cutoff_partsTheKeys(long seed) {
    Life life = new Life(seed, RetryRule.MOVED_DOWN, 1).run(SALT);
    assertThat(life.wronglyCut).as("I7").isZero();
    assertThat(life.wronglyPassed).as("I6 a").isZero();
  }

  /** Broken: another salt than the lease's, as on a node that missed the incident. */
  @Test
  void cutoff_negativeControl() {
    Life life = new Life(1, RetryRule.EQUAL, 1).run(SALT + 1);
    assertThat(life.wronglyCut + life.wronglyPassed).isPositive();
  }

  /**
   * Holders that end a permit twice, or out of order: each is counted, and nothing else happens.
   */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void permits_endOnceHoweverClumsyTheHolder(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    VirtualTime time = new VirtualTime();
    AdmissionController controller = new AdmissionController(Classes.chain(CLASSES), time, false);
    controller.adopt(Leases.ample().sent(0), 0);
    time.advanceMillis(1000);
    long mistakes = 0;
    int open = 0;
    for (int i = 0; i < 100; i++) {
      Permit permit = admitted(controller, time, random.nextInt(CLASSES));
      open++;
      boolean sent = false;
      boolean abandoned = false;
      boolean over = false;
      for (int step = 0; step < 5; step++) {
        switch (random.nextInt(4)) {
          case 0 -> {
            boolean legal = !sent && !over;
            mistakes += legal ? 0 : 1;
            permit.send(time.nanos());
            sent = true;
          }
          case 1 -> {
            boolean legal = !abandoned && !over;
            mistakes += legal ? 0 : 1;
            open -= legal ? 1 : 0;
            over |= legal;
            permit.end(Outcome.SUCCESS, 1, time.nanos());
          }
          case 2 -> {
            boolean legal = sent && !abandoned && !over;
            mistakes += legal ? 0 : 1;
            abandoned |= legal;
            permit.abandon(Outcome.TIMEOUT, time.nanos());
          }
          default -> {
            boolean legal = abandoned && !over;
            mistakes += legal ? 0 : 1;
            open -= legal ? 1 : 0;
            over |= legal;
            permit.release(time.nanos());
          }
        }
        NodeSnapshot now = controller.snapshot(time.nanos());
        assertThat(now.inFlight()).isEqualTo(open);
        assertThat(now.defects()).isEqualTo(mistakes);
      }
    }
  }

  private static Permit admitted(AdmissionController controller, VirtualTime time, int rank) {
    time.advanceMillis(1);
    Arrival arrival = new Arrival(rank, 1, time.nanos(), true, (decision, now) -> {});
    return ((Decision.Admitted) controller.decide(arrival, time.nanos())).permit();
  }
}

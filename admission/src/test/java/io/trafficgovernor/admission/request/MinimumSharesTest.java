package io.trafficgovernor.admission.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.Outcome;
import io.trafficgovernor.admission.Rule;
import io.trafficgovernor.admission.Rules;
import io.trafficgovernor.admission.ShedReason;
import io.trafficgovernor.admission.VirtualTime;
import io.trafficgovernor.admission.order.SessionKey;
import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.admission.testing.Classes;
import io.trafficgovernor.admission.testing.Leases;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A class whose turn has not come has a hundredth of the node all the same. */
final class MinimumSharesTest {
  private static final Leases FIRST_CLASS_ONLY =
      Leases.ample().rate(200).slots(50).cutoff(SessionKey.PER_CLASS);

  private final VirtualTime time = new VirtualTime();
  private final Map<Integer, Integer> sent = new TreeMap<>();
  private final Map<Integer, ShedReason> refused = new TreeMap<>();
  private AdmissionController controller = controller(Rules.ALL);
  private int number;

  private AdmissionController controller(Rules rules) {
    return new AdmissionController(Classes.chain(4), time, false, RetryRule.EQUAL, rules);
  }

  private void adopt(Leases lease) {
    number++;
    controller.adopt(lease.counter(number).sent(time.nanos()), time.nanos());
  }

  private void ask(int rank) {
    Arrival arrival = new Arrival(rank, number, time.nanos(), true, (d, now) -> told(rank, d));
    told(rank, controller.decide(arrival, time.nanos()));
  }

  /** Whatever is sent comes back after 20 ms. */
  private void told(int rank, Decision decision) {
    if (decision instanceof Decision.Admitted admitted) {
      sent.merge(rank, 1, Integer::sum);
      Permit permit = admitted.permit();
      assertThat(permit.send(time.nanos())).isTrue();
      time.after(20_000_000L, now -> permit.end(Outcome.SUCCESS, 20_000_000L, now));
    } else if (decision instanceof Decision.Shed shed) {
      refused.put(rank, shed.reason());
    }
  }

  private int sent(int rank) {
    return sent.getOrDefault(rank, 0);
  }

  /** Ten seconds in which each of those classes asks every so many milliseconds. */
  private void tenSeconds(int everyMillis, int... ranks) {
    for (int millis = 0; millis < 10_000; millis += everyMillis) {
      for (int rank : ranks) {
        ask(rank);
      }
      time.advanceMillis(everyMillis);
    }
  }

  @Test
  void classAboveTheCutoff_hasAHundredthOfTheNode() {
    adopt(FIRST_CLASS_ONLY);
    tenSeconds(5, 1);
    assertThat(sent(1)).as("1 % of 200/s for 10 s, the first after its interval").isBetween(18, 20);
    assertThat(refused.get(1)).isEqualTo(ShedReason.CUTOFF);
  }

  @Test
  void classBehindAClosedGate_too() {
    adopt(Leases.ample().rate(200).blockedBy(List.of("", "class-0: starved", "", "")));
    tenSeconds(5, 1);
    assertThat(sent(1)).isBetween(18, 20);
    assertThat(refused.get(1)).isEqualTo(ShedReason.GATE);
  }

  @Test
  void classWhoseParentIsAway_hasNothing() {
    adopt(FIRST_CLASS_ONLY);
    tenSeconds(5, 2, 3);
    assertThat(sent(2) + sent(3)).as("they wait for class 1").isZero();
  }

  @Test
  void classAboveTheCutoff_isNotStarvedByAFullNode() {
    adopt(FIRST_CLASS_ONLY);
    tenSeconds(2, 0, 0, 1);
    assertThat(sent(0)).as("five times more than there is").isGreaterThan(1900);
    assertThat(sent(1)).isBetween(17, 20);
  }

  @Test
  void withoutTheRule_nothing() {
    controller = controller(Rules.without(List.of(Rule.MINIMUM_SHARES)));
    adopt(FIRST_CLASS_ONLY);
    tenSeconds(5, 1);
    assertThat(sent(1)).isZero();
  }

  @ParameterizedTest
  @EnumSource(names = {"PROBING", "OUTAGE"})
  void whileTheBackendIsOnlyProbed_nothing(Phase phase) {
    adopt(FIRST_CLASS_ONLY.phase(phase));
    tenSeconds(5, 1);
    assertThat(sent(1)).isZero();
  }

  @Test
  void afterAnOutage_theClaimBeginsAnew() {
    adopt(FIRST_CLASS_ONLY);
    tenSeconds(5, 1);
    adopt(FIRST_CLASS_ONLY.phase(Phase.OUTAGE));
    time.advanceMillis(5000);
    adopt(FIRST_CLASS_ONLY);
    time.advanceMillis(100);
    int before = sent(1);
    ask(1);
    time.advanceMillis(10);
    assertThat(sent(1)).as("no burst of all classes at a start").isEqualTo(before);
  }

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 200);
  }

  /** Whoever has a claim: the node sends no more than its bucket and its slots allow. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void node_sendsNoMoreThanItMay(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double rate = random.nextDouble(20, 400);
    int slots = 1 + random.nextInt(20);
    adopt(FIRST_CLASS_ONLY.rate(rate).slots(slots));
    for (int tick = 0; tick < 1000; tick++) {
      ask(random.nextInt(4));
      ask(random.nextInt(2));
      time.advanceMillis(1 + random.nextInt(6));
      assertThat(controller.snapshot(time.nanos()).inFlight())
          .as("one more for the top classes")
          .isLessThanOrEqualTo(slots + 1);
    }
    double allowed = rate * time.nanos() / 1e9 + Math.max(5, 0.02 * rate) + 1;
    assertThat(sent.values().stream().mapToInt(n -> n).sum()).isLessThanOrEqualTo((int) allowed);
    assertThat(sent(2) + sent(3)).isZero();
  }
}

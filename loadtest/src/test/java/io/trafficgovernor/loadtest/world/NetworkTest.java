package io.trafficgovernor.loadtest.world;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.loadtest.scenario.Fault;
import io.trafficgovernor.loadtest.scenario.Scenario;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Bad weather is as bad as was asked for, and the same again for the same seed. */
final class NetworkTest {
  private static final long MILLI = 1_000_000L;
  private static final int MESSAGES = 10_000;

  private final EventQueue truth = new EventQueue();
  private final Network network = new Network(truth, 3, new SplittableRandom(3));
  private final List<Long> arrivals = new ArrayList<>();

  private void send(int from, int to, int count) {
    long sent = truth.nanos();
    for (int i = 0; i < count; i++) {
      network.carry(from, to, now -> arrivals.add(now - sent));
    }
  }

  private void pass(double seconds) {
    truth.runUntil(truth.nanos() + (long) (seconds * 1e9));
  }

  @Test
  void fairWeather_everyMessageOnceWithinThreeMilliseconds() {
    send(0, 1, MESSAGES);
    pass(1);
    assertThat(arrivals).hasSize(MESSAGES).allMatch(took -> took >= MILLI && took < 3 * MILLI);
  }

  @Test
  void toItself_isNeverLostAndHardlyTakesTime() {
    network.weather(1, 1, 1);
    send(2, 2, 10);
    pass(0.001);
    assertThat(arrivals).hasSize(10);
  }

  @Test
  void loss_isTheShareThatWasAskedFor() {
    network.weather(0, 0.3, 0);
    send(0, 1, MESSAGES);
    pass(1);
    assertThat(arrivals.size()).isBetween(6800, 7200);
  }

  @Test
  void doubling_isTheShareThatWasAskedFor() {
    network.weather(0, 0, 0.3);
    send(0, 1, MESSAGES);
    pass(1);
    assertThat(arrivals.size()).isBetween(12_800, 13_200);
  }

  @Test
  void delay_hasTheMeanThatWasAskedFor() {
    network.weather(0.1, 0, 0);
    send(0, 1, MESSAGES);
    pass(10);
    double mean = arrivals.stream().mapToLong(Long::longValue).average().orElseThrow() / MILLI;
    assertThat(mean).isBetween(98.0, 106.0);
  }

  @Test
  void split_cutsWhatIsOnItsWayToo_andHeals() {
    send(0, 1, 5);
    network.split(List.of(1), 1);
    send(2, 0, 5);
    pass(1);
    assertThat(arrivals).as("2 to 0 alone").hasSize(5);
    network.heal();
    send(0, 1, 5);
    pass(1);
    assertThat(arrivals).hasSize(10);
  }

  @Test
  void randomFaults_areOverInTime_ofEveryKind_andTheSameForASeed() {
    Scenario.Weather weather = new Scenario.Weather(List.of(), true, 60, 30, 0);
    Set<Class<?>> kinds = new HashSet<>();
    for (long seed = 1; seed <= 50; seed++) {
      List<Fault> faults = RandomFaults.draw(weather, 5, new SplittableRandom(seed));
      assertThat(RandomFaults.draw(weather, 5, new SplittableRandom(seed))).isEqualTo(faults);
      assertThat(faults)
          .allMatch(fault -> fault.atSeconds() >= 0 && fault.endSeconds() <= 60)
          .isSortedAccordingTo((a, b) -> Double.compare(a.atSeconds(), b.atSeconds()));
      faults.forEach(fault -> kinds.add(fault.getClass()));
    }
    assertThat(kinds)
        .containsExactlyInAnyOrder(
            Fault.Crash.class,
            Fault.Stall.class,
            Fault.Partition.class,
            Fault.Network.class,
            Fault.Handover.class,
            Fault.Amnesia.class);
  }
}

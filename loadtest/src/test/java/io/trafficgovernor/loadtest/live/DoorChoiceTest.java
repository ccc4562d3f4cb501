package io.trafficgovernor.loadtest.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How clients spread over gateways. */
final class DoorChoiceTest {
  private static final int DRAWS = 1_000;

  private final DoorChoice doors = new DoorChoice(3);

  /** Parts of the draws, which are spread evenly. */
  private double part(int door) {
    return IntStream.range(0, DRAWS).filter(i -> doors.at(i / (double) DRAWS) == door).count()
        / (double) DRAWS;
  }

  @Test
  void at_isEvenAtFirst() {
    for (int door = 0; door < 3; door++) {
      assertThat(part(door)).isCloseTo(1 / 3.0, within(0.002));
    }
    assertThat(doors.at(Math.nextDown(1.0))).isEqualTo(2);
  }

  @Test
  void at_goesByTheWeights() {
    doors.weigh(DoorChoice.zipf(3, 1.2));
    assertThat(part(0)).isCloseTo(0.587, within(0.002));
    assertThat(part(1)).isCloseTo(0.256, within(0.002));
    doors.weigh(DoorChoice.hot(3, 2, 0.7));
    assertThat(part(2)).isCloseTo(0.7, within(0.002));
    assertThat(part(0)).isCloseTo(0.15, within(0.002));
  }

  @Test
  void weigh_leavesTheOthersAsTheyAre() {
    doors.weigh(List.of(2.0));
    assertThat(part(0)).isCloseTo(0.5, within(0.002));
    assertThat(part(2)).isCloseTo(0.25, within(0.002));
  }

  @Test
  void at_leavesOutWhatIsOut() {
    doors.weigh(DoorChoice.hot(3, 0, 0.8));
    doors.choose(0, false);
    assertThat(part(0)).isZero();
    assertThat(part(1)).isCloseTo(0.5, within(0.002));
    doors.choose(2, false);
    assertThat(part(1)).isEqualTo(1);
    doors.choose(0, true);
    assertThat(part(0)).isCloseTo(8 / 9.0, within(0.002));
  }

  /** Somebody has to be asked, or the run would say nothing of it. */
  @Test
  void at_asksAllIfNoneIsIn() {
    doors.weigh(DoorChoice.hot(3, 1, 0.8));
    IntStream.range(0, 3).forEach(door -> doors.choose(door, false));
    assertThat(part(1)).isCloseTo(0.8, within(0.002));
    assertThat(part(0)).isCloseTo(0.1, within(0.002));
  }
}

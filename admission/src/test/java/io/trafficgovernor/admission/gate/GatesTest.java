package io.trafficgovernor.admission.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.ClassTable;
import io.trafficgovernor.admission.gate.ParentHealth.Added;
import io.trafficgovernor.admission.testing.Classes;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A class waits for those it depends on, and for nobody else. */
final class GatesTest {
  private static final ClassTable CHAIN = Classes.chain(3);
  private static final Added WELL = new Added(30, 0, 30, 30);
  private static final Added STARVED = new Added(10, 30, 10, 10);
  private static final Added FAILING = new Added(30, 0, 30, 25);
  private static final Added SILENT = new Added(0, 0, 0, 0);

  private Gates gates = Gates.allOpen(3);

  private void rounds(int count, Added first, Added second, Added third) {
    for (int i = 0; i < count; i++) {
      gates = gates.after(CHAIN, List.of(first, second, third), 0.25);
    }
  }

  @Test
  void begin_open() {
    assertThat(gates.open(0) && gates.open(1) && gates.open(2)).isTrue();
    assertThat(gates.blockedBy(CHAIN)).as("nothing to tell").isEmpty();
  }

  @Test
  void parentThatIsStarved_closesItsChildInThreeRoundsAndNoOther() {
    rounds(1, WELL, WELL, WELL);
    rounds(2, STARVED, WELL, WELL);
    assertThat(gates.open(1)).as("two rounds of evidence are not three").isTrue();
    rounds(4, STARVED, WELL, WELL);
    assertThat(gates.open(1)).isFalse();
    assertThat(gates.open(0)).isTrue();
    assertThat(gates.open(2)).as("its own parent is well").isTrue();
    assertThat(gates.blockedBy(CHAIN).get(1)).startsWith("class-0: served 0.").contains(" of 0.95");
  }

  @Test
  void parentThatFails_closesItsChild() {
    rounds(6, FAILING, WELL, WELL);
    assertThat(gates.open(1)).isFalse();
    assertThat(gates.blockedBy(CHAIN).get(1)).contains("success 0.83 of 0.99");
  }

  @Test
  void gate_opensOnlyWhenTheParentIsWellForThreeRounds() {
    rounds(6, FAILING, WELL, WELL);
    int rounds = 0;
    while (!gates.open(1)) {
      rounds(1, WELL, WELL, WELL);
      rounds++;
    }
    assertThat(rounds).as("each judged by itself").isEqualTo(3);
  }

  @Test
  void ratiosBetweenTheBars_keepTheGateWhereItIs() {
    Added between = new Added(27, 3, 27, 27);
    rounds(40, between, WELL, WELL);
    assertThat(gates.open(1)).isTrue();
    rounds(6, FAILING, WELL, WELL);
    rounds(40, between, WELL, WELL);
    assertThat(gates.open(1)).as("0.90 served closes nothing and opens nothing").isFalse();
  }

  @Test
  void parentWithFewOutcomes_closesNothing() {
    rounds(40, new Added(0, 1, 0, 0), WELL, WELL);
    assertThat(gates.open(1)).isTrue();
  }

  @Test
  void parentThatNobodyAsksFor_keepsNobodyWaiting() {
    rounds(6, FAILING, WELL, WELL);
    rounds(11, SILENT, WELL, WELL);
    assertThat(gates.open(1)).as("2.75 s").isFalse();
    rounds(5, SILENT, WELL, WELL);
    assertThat(gates.parents().get(0).idle()).isTrue();
    assertThat(gates.open(1)).isTrue();
  }

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 200);
  }

  /**
   * Whatever happens: a gate closes after three rounds at the soonest, and opens after three well.
   */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void gates_moveOnThreeRoundsOfEvidence(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] since = {3, 3, 3};
    int[] well = {0, 0, 0};
    for (int round = 0; round < 500; round++) {
      final Gates before = gates;
      boolean starved = random.nextInt(3) == 0;
      boolean failing = random.nextInt(3) == 0;
      rounds(1, starved ? STARVED : WELL, failing ? FAILING : WELL, WELL);
      well[0] = starved ? 0 : well[0] + 1;
      well[1] = failing ? 0 : well[1] + 1;
      for (int rank = 1; rank < 3; rank++) {
        since[rank]++;
        if (before.open(rank) && !gates.open(rank)) {
          assertThat(since[rank]).isGreaterThanOrEqualTo(3);
          since[rank] = 0;
        } else if (gates.open(rank) && !before.open(rank)) {
          assertThat(well[rank - 1]).isGreaterThanOrEqualTo(3);
          since[rank] = 0;
        }
      }
      assertThat(gates.open(0)).as("it depends on nobody").isTrue();
    }
  }
}

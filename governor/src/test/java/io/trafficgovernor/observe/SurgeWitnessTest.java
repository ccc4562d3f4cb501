package io.trafficgovernor.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.admission.request.NodeSnapshot;
import io.trafficgovernor.admission.request.NodeSnapshot.ClassCounts;
import io.trafficgovernor.admission.testing.Leases;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SurgeWitnessTest {
  private final SurgeWitness witness = new SurgeWitness(2, 1);

  private void look(Phase phase, double granted, long sent) {
    look(witness, phase, granted, sent, sent, 0);
  }

  private static void look(
      SurgeWitness witness, Phase phase, double granted, long requests, long tokens, long held) {
    ClassCounts counts = new ClassCounts(0, 0, 0, requests, tokens, 0, 1, Map.of(), Map.of());
    witness.look(
        new NodeSnapshot(
            Optional.of(Leases.ample().phase(phase).sent(0)),
            false,
            100,
            granted,
            0,
            1,
            0,
            held,
            0,
            List.of(counts)));
  }

  @Test
  void look_nothingBeyondTheTokens() {
    for (int tick = 0; tick <= 100; tick++) {
      look(Phase.RAMPING, 10 * tick, 10L * tick);
    }
    assertThat(witness.worstTokens()).isZero();
    assertThat(witness.boundTokens()).as("burst 5, two loops and one").isEqualTo(8);
  }

  /** 10 tokens a tick; 18 sent in one and 14 in the next are 12 too many in both together. */
  @Test
  void look_theWorstWindowMayBeLongerThanOneLook() {
    look(Phase.RAMPING, 0, 0);
    look(Phase.RAMPING, 10, 18);
    look(Phase.RAMPING, 20, 32);
    look(Phase.RAMPING, 30, 33);
    look(Phase.RAMPING, 40, 45);
    assertThat(witness.worstTokens()).isEqualTo(12);
  }

  /** Four requests of 10 tokens in one tick of 10 are 30 too many, and may be with that weight. */
  @Test
  void look_countsTokensNotRequests() {
    SurgeWitness dear = new SurgeWitness(2, 10);
    look(dear, Phase.RAMPING, 0, 0, 0, 0);
    look(dear, Phase.RAMPING, 10, 4, 40, 0);
    assertThat(dear.worstTokens()).isEqualTo(30);
    assertThat(dear.boundTokens()).as("burst 5, 9 owed, three of 10 on the way").isEqualTo(44);
  }

  /** Nine have their tokens and wait for connections, which come all at once. */
  @Test
  void look_whatWaitsForAConnectionMayComeAtOnce() {
    look(witness, Phase.RAMPING, 0, 0, 0, 0);
    look(witness, Phase.RAMPING, 10, 1, 1, 9);
    look(witness, Phase.RAMPING, 11, 15, 15, 0);
    assertThat(witness.worstTokens()).as("burst and the nine").isEqualTo(13);
    assertThat(witness.boundTokens()).isEqualTo(5 + 9);
    look(witness, Phase.RAMPING, 21, 16, 16, 2);
    assertThat(witness.boundTokens()).as("the most").isEqualTo(5 + 9);
  }

  /** What was not used before does not excuse a surge later. */
  @Test
  void look_unusedTokensAreNotSavedUp() {
    look(Phase.RAMPING, 0, 0);
    look(Phase.RAMPING, 1_000, 0);
    look(Phase.RAMPING, 1_010, 50);
    assertThat(witness.worstTokens()).isEqualTo(40);
  }

  @Test
  void look_noEnvelopeInOpen() {
    look(Phase.OPEN, 0, 0);
    look(Phase.OPEN, 10, 500);
    assertThat(witness.worstTokens()).isZero();
    assertThat(witness.boundTokens()).isZero();
    look(Phase.RAMPING, 20, 805);
    assertThat(witness.worstTokens()).as("some of it was sent in OPEN").isZero();
    look(Phase.RAMPING, 30, 818);
    assertThat(witness.worstTokens()).isEqualTo(3);
  }

  /** A law that lets everybody through must not be excused by those whom it let through. */
  @Test
  void look_whatWaitsBeyondTheSlotsWidensNoBound() {
    look(witness, Phase.RAMPING, 0, 0, 0, 100_000);
    assertThat(witness.boundTokens())
        .as("burst, slots, and the top classes' one")
        .isEqualTo(5 + 10_000 + 1);
  }

  @Test
  void look_whatWaitsInOpenWidensNoBound() {
    look(witness, Phase.OPEN, 0, 0, 0, 50);
    look(witness, Phase.RAMPING, 10, 0, 0, 0);
    assertThat(witness.boundTokens()).isEqualTo(8);
  }
}

package io.trafficgovernor.admission.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.trafficgovernor.admission.control.Tally;
import io.trafficgovernor.admission.lease.ProbeResult;
import io.trafficgovernor.admission.order.SessionKey;
import io.trafficgovernor.admission.recovery.Command;
import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.admission.recovery.Verb;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the evidence of the whole cluster does to phase, epoch, cutoff and reference. */
final class SteeringTest extends HandMadeCluster {
  private static final Tally CUT = new Tally(0, 0, 0, 3, 0, 0, 3);

  private Phase phase() {
    return state().recovery().phase();
  }

  private long epoch() {
    return state().authority().epoch();
  }

  private void probing() {
    open();
    command(Verb.CLOSE, OptionalLong.empty());
    command(Verb.BEGIN, OptionalLong.of(epoch()));
    assertThat(phase()).isEqualTo(Phase.PROBING);
  }

  private void ramping() {
    probing();
    pass(6000, 4, good(4));
    assertThat(phase()).isEqualTo(Phase.RAMPING);
  }

  private void tick(String node, Tally tally) {
    nowNanos += 100 * MILLI;
    for (String name : List.copyOf(nodes.keySet())) {
      node(name).sees(4, name.equals(node) ? tally : good(4));
      renew(name);
    }
  }

  @Test
  void oneNodeOfThree_thatCannotConnect_isNoOutage() {
    ramping();
    for (int i = 0; i < 3; i++) {
      tick("a", CUT);
    }
    assertThat(phase()).isEqualTo(Phase.RAMPING);
    node("b").sees(0, new Tally(0, 0, 0, 6, 0, 0, 6));
    for (String name : List.of("a", "b", "c")) {
      node(name).sees(0, name.equals("c") ? good(20) : CUT);
    }
    for (int i = 0; i < 12 && phase() != Phase.OUTAGE; i++) {
      nowNanos += 100 * MILLI;
      node("c").sees(4, good(4));
      node("a").sees(0, CUT);
      node("b").sees(0, CUT);
      List.of("a", "b", "c").forEach(this::renew);
    }
    assertThat(phase()).as("two of them").isEqualTo(Phase.OUTAGE);
    assertThat(state().why()).isEqualTo("the backend cannot be connected to");
  }

  @Test
  void onlyNode_thatCannotConnect_isAnOutage() {
    join("a");
    pass(12_000, 4, good(12));
    assertThat(phase()).isEqualTo(Phase.OPEN);
    pass(1200, 4, new Tally(0, 0, 0, 1, 0, 0, 1));
    assertThat(phase()).isEqualTo(Phase.OUTAGE);
  }

  @Test
  void fiveBadOutcomesAndNoGoodOne_endProbing() {
    probing();
    pass(1000, 0, Tally.NONE);
    assertThat(phase()).isEqualTo(Phase.PROBING);
    node("a").sees(2, new Tally(0, 0, 2, 0, 3, 0, 5));
    pass(1500, 0, Tally.NONE);
    assertThat(phase()).isEqualTo(Phase.OUTAGE);
    assertThat(state().why()).isEqualTo("5 bad outcomes and no good one");
  }

  @Test
  void epoch_countsPhasesButNotTheFlutterOfARamp() {
    ramping();
    long before = epoch();
    tick("a", new Tally(4, 40, 0, 0, 0, 0, 44));
    pass(300, 4, good(4));
    assertThat(phase()).isEqualTo(Phase.HOLD);
    assertThat(epoch()).isEqualTo(before);
    assertThat(state().control().falling()).as("its ceiling was cut").isTrue();
    pass(9000, 4, good(4));
    assertThat(phase()).isEqualTo(Phase.RAMPING);
    assertThat(epoch()).isEqualTo(before);
    assertThat(state().control().falling()).isFalse();
    tick("a", new Tally(0, 0, 0, 0, 40, 0, 40));
    pass(300, 4, good(4));
    assertThat(phase()).isEqualTo(Phase.ROLLBACK);
    assertThat(epoch()).isEqualTo(before + 1);
  }

  @Test
  void pin_mayLieBelowTheLeastCeiling() {
    ramping();
    Command pin = new Command(Verb.PIN, "alice", "because", OptionalLong.of(epoch()), 3);
    state = ledger.command(state, pin, now()).state();
    assertThat(state().control().ceiling()).isEqualTo(3);
    pass(1000, 4, good(1));
    assertThat(state().control().ceiling()).isEqualTo(3);
  }

  @Test
  void cutoff_keepsOutWhatTheCeilingDoesNotCover() {
    ramping();
    nodes.values().forEach(node -> node.isAskedFor(2, 500));
    pass(1000, 40, good(4));
    assertThat(state().control().cutoff().key()).isLessThan(3 * SessionKey.PER_CLASS);
  }

  @Test
  void cutoff_isOpenOnceTheRampIsLeftBehind() {
    open();
    pass(121_000, 4, good(12));
    nodes.values().forEach(node -> node.isAskedFor(2, 5000));
    pass(500, 4, good(12));
    assertThat(phase()).isEqualTo(Phase.OPEN);
    assertThat(state().control().cutoff().key()).isEqualTo(3 * SessionKey.PER_CLASS);
  }

  @Test
  void reference_isMeasuredInOpenAlone() {
    open();
    pass(20_000, 4, good(12));
    assertThat(state().control().reference().ratePerSecond()).isCloseTo(360, within(10.0));
    double before = state().control().reference().ratePerSecond();
    command(Verb.CLOSE, OptionalLong.empty());
    command(Verb.BEGIN, OptionalLong.of(epoch()));
    pass(30_000, 4, good(4));
    assertThat(phase()).isNotEqualTo(Phase.OPEN);
    assertThat(state().control().reference().ratePerSecond()).isEqualTo(before);
  }

  @Test
  void served_isWhatIsAnsweredOfWhatIsAskedHere() {
    ramping();
    for (int i = 0; i < 300; i++) {
      for (String name : List.copyOf(nodes.keySet())) {
        node(name).decides(0, 4, 4);
      }
      pass(100, 4, good(4));
    }
    assertThat(state().control().served().share()).isCloseTo(0.5, within(0.01));
  }

  @Test
  void shortSilenceOfTimeouts_isNotYetAnOutage() {
    ramping();
    pass(1500, 4, new Tally(0, 0, 0, 0, 1, 0, 1));
    assertThat(phase()).isNotEqualTo(Phase.OUTAGE);
    assertThat(state().control().health().errorShare(state().nowNanos()).orElse(0))
        .as("they are judged by HARD")
        .isLessThan(0.8);
  }

  @Test
  void topClasses_areTheTwoHighestWithDemand() {
    join("a");
    pass(1000, 0, Tally.NONE);
    assertThat(grant("a").cluster().topRanks()).as("none asks").containsExactly(0, 1);
    for (int i = 0; i < 20; i++) {
      node("a").isAskedFor(2, 5);
      pass(100, 0, good(4));
    }
    assertThat(grant("a").cluster().topRanks()).containsExactly(2, 0);
    for (int i = 0; i < 20; i++) {
      node("a").isAskedFor(1, 5);
      node("a").isAskedFor(2, 5);
      pass(100, 0, good(4));
    }
    assertThat(grant("a").cluster().topRanks()).containsExactly(1, 2);
    pass(2000, 5, good(4));
    assertThat(grant("a").cluster().topRanks()).containsExactly(0, 1);
  }

  @Test
  void redRoundInOpen_leavesTheEnvelopeForTheCeilingOfTheLaw() {
    open();
    pass(121_000, 4, good(12));
    double envelope = state().control().reference().envelope();
    assertThat(state().control().ceiling()).isEqualTo(envelope);
    for (int i = 0; phase() == Phase.OPEN && i < 30; i++) {
      pass(100, 4, new Tally(8, 4, 0, 0, 0, 8 * 20 * MILLI, 12));
    }
    assertThat(phase()).isEqualTo(Phase.DEGRADED);
    assertThat(state().control().ceiling()).isPositive().isLessThan(envelope);
  }

  @Test
  void rollback_isLaidAtTheDoorOfTheClassThatFailed() {
    ramping();
    tick("a", new Tally(0, 0, 0, 0, 40, 0, 40));
    pass(300, 4, good(4));
    assertThat(phase()).isEqualTo(Phase.ROLLBACK);
    assertThat(state().recovery().memory().failed().orElseThrow().className()).isEqualTo("class-0");
  }

  @ParameterizedTest
  @CsvSource({"4, false", "5, true"})
  void fiveFailedConnections_areAnOutageAndFourAreNot(int failed, boolean outage) {
    join("a");
    pass(12_000, 4, good(12));
    node("a").sees(0, new Tally(0, 0, 0, failed, 0, 0, failed));
    pass(2000, 0, Tally.NONE);
    assertThat(state().why().equals("the backend cannot be connected to")).isEqualTo(outage);
  }

  @Test
  void silenceOfAllNodes_saysNothingAgainstTheBackend() {
    ramping();
    nowNanos += 5000 * MILLI;
    pass(1500, 0, Tally.NONE);
    assertThat(phase()).isEqualTo(Phase.RAMPING);
  }

  @ParameterizedTest
  @CsvSource({"true, 1", "false, 0"})
  void probe_countsInTheRoundIfItWentWell(boolean good, int counted) {
    probing();
    nowNanos += 2100 * MILLI;
    long number = grant("a").probe().orElseThrow();
    nowNanos += 10 * MILLI;
    node("a").probe = Optional.of(new ProbeResult(number, good));
    renew("a");
    assertThat(state().round().goodProbes()).isEqualTo(counted);
  }

  /** Slow start says nothing of how the ceiling will rise once it is over. */
  @Test
  void trend_isKnownOnceSlowStartIsOver() {
    probing();
    pass(1000, 4, good(4));
    assertThat(state().control().controller().level().slowStart()).isTrue();
    assertThat(state().control().trend().known()).isFalse();
    pass(5000, 4, good(4));
    tick("a", new Tally(4, 40, 0, 0, 0, 0, 44));
    pass(10_000, 4, good(4));
    assertThat(state().control().controller().level().slowStart()).isFalse();
    assertThat(state().control().trend().known()).isTrue();
  }
}

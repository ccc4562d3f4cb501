package io.trafficgovernor.admission.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.control.Tally;
import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.admission.recovery.Verb;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What counts as granted slots, and for how long (I5). */
final class LedgerSlotsTest extends HandMadeCluster {
  private static final long SECOND = 1000 * MILLI;

  private void ramping() {
    open();
    command(Verb.CLOSE, OptionalLong.empty());
    command(Verb.BEGIN, OptionalLong.of(state().authority().epoch()));
    pass(6000, 12, good(12));
    assertThat(state().recovery().phase()).isEqualTo(Phase.RAMPING);
  }

  private int lastGrants() {
    return state().nodes().values().stream().mapToInt(NodeRecord::slots).sum();
  }

  private int window() {
    return (int) Math.round(state().control().controller().level().window());
  }

  private int atTheBackend() {
    return state().nodes().values().stream()
        .mapToInt(node -> Math.max(node.slots(), node.report().inFlight() - 1))
        .sum();
  }

  /** The window grows, and what a has at the backend outlives the slots it had for it. */
  @Test
  void slotsTakenFromANode_areGivenOnlyOnce() {
    ramping();
    node("a").inFlight = Math.max(4, grant("a").slots());
    int highest = state().peak().slots();
    int grown = 0;
    for (int tick = 0; tick < 20; tick++) {
      nowNanos += 100 * MILLI;
      for (String name : nodes.keySet()) {
        long attempts = name.equals("a") ? 0 : 18 + 4 * tick;
        node(name).sees(attempts, good(attempts));
        renew(name);
        highest = Math.max(highest, lastGrants());
        assertThat(atTheBackend()).isLessThanOrEqualTo(highest);
      }
      grown = Math.max(grown, window());
    }
    assertThat(grown).as("the window grew").isGreaterThan(highest);
  }

  @Test
  void deadNode_itsSlotsCountNoLongerThanItsRequestsMayLast() {
    ramping();
    nodes.remove("c");
    pass(4000, 18, good(18));
    assertThat(lastGrants()).as("c's last grant is still in the list").isGreaterThan(window());
    assertThat(state().peak().slots()).isLessThanOrEqualTo(window());
    assertThat(state().grantedSlots(SECOND)).isLessThanOrEqualTo(window());
  }

  /** It may be stopped and not dead: nothing it has sent ends while the backend stands still. */
  @Test
  void silentNode_keepsItsSlotsUntilTheBackendAnswersAgain() {
    ramping();
    int slots = node("c").grant.orElseThrow().slots();
    assertThat(slots).isPositive();
    nodes.remove("c");
    node("a").inFlight = 1;
    node("b").inFlight = 1;
    pass(6000, 18, Tally.NONE);
    assertThat(cReserves()).as("a silence of four leases and time-outs").isEqualTo(slots);
    pass(3000, 18, good(18));
    assertThat(cReserves()).as("a time-out after the first answer").isZero();
  }

  /** Or all would wait for an answer that nobody can ask for. */
  @Test
  void silentNode_losesItsSlotsWhenNobodyWaitsForTheBackend() {
    ramping();
    nodes.remove("c");
    pass(6000, 18, Tally.NONE);
    assertThat(cReserves()).isZero();
  }

  /** What a has sent does not end, and b would use the slots that a lost (schedule 7628). */
  @Test
  void slotsDoNotGoRound_whileTheBackendStandsStill() {
    ramping();
    for (int second = 0; second < 20; second++) {
      pass(900, 1, Tally.NONE);
      pass(100, 1, good(1));
    }
    nodes.values().forEach(node -> node.inFlight = 1);
    pass(1200, 1, Tally.NONE);
    List<Integer> before = slots();
    Set<List<Integer>> seen = new HashSet<>();
    for (int tick = 0; tick < 15; tick++) {
      node("b").sees(60, Tally.NONE);
      pass(100, 1, Tally.NONE);
      seen.add(slots());
    }
    assertThat(seen).containsOnly(before);
    pass(100, 1, good(1));
    assertThat(slots()).as("with the first answer").isNotEqualTo(before);
  }

  @Test
  void slotsFallWithTheWindow_whileTheBackendStandsStill() {
    ramping();
    nodes.values().forEach(node -> node.inFlight = 1);
    pass(1100, 18, Tally.NONE);
    int before = window();
    pass(1000, 18, Tally.NONE);
    assertThat(window()).as("halved by STALL").isLessThan(before);
    assertThat(lastGrants()).isLessThanOrEqualTo(window());
  }

  private List<Integer> slots() {
    return state().nodes().values().stream().map(NodeRecord::slots).toList();
  }

  private int cReserves() {
    NodeRecord silent = state().nodes().get("c");
    return silent == null ? 0 : silent.reservedSlots(state().askedSince(SECOND));
  }

  /** It does not know what others have at the backend by the ledger before. */
  @Test
  void topClassesSlot_isWithheldUntilTheGrantsOfALostLedgerHaveEnded() {
    ramping();
    assertThat(grant("a").topSlots()).isEqualTo(1);
    state = null;
    assertThat(grant("a").topSlots()).as("in the blackout").isZero();
    pass(4000, 12, good(12));
    assertThat(grant("a").topSlots()).isEqualTo(1);
  }

  @Test
  void emptyCluster_hasNone() {
    grant("a");
    node("a").sees(0, Tally.NONE);
    assertThat(state().grantedSlots(SECOND)).isZero();
  }
}

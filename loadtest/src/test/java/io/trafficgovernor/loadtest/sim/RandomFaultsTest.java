package io.trafficgovernor.loadtest.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.loadtest.measure.Run;
import io.trafficgovernor.loadtest.rival.Governed;
import io.trafficgovernor.loadtest.scenario.Scenario;
import io.trafficgovernor.loadtest.scenario.Scenarios;
import io.trafficgovernor.loadtest.witness.Violation;
import io.trafficgovernor.loadtest.world.Breakage;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Safe while anything goes wrong, and OPEN again when nothing does any more: so many schedules of
 * random faults as {@code -Dseeds} says, 10 000 in the profile night. A failure names its seed; see
 * it again with {@code loadtest sim random-faults --seed SEED --seeds 1}.
 */
@Execution(ExecutionMode.CONCURRENT)
final class RandomFaultsTest {
  private static final Scenario SCENARIO = Scenarios.named("random-faults");
  private static final long SEEDS = Long.getLong("seeds", 300);
  private static final long FIRST = Long.getLong("firstSeed", 1);
  private static final int[] SIZES = {5, 3, 1, 8};

  /** A broken variant must be found out within so many schedules. */
  private static final long FOUND_WITHIN = 100;

  private static Run run(long seed, Breakage breakage) {
    int nodes = SIZES[(int) (seed % SIZES.length)];
    return new Simulation(SCENARIO, seed).runToOpen(new Governed(breakage), nodes);
  }

  private static List<String> faults(long seed) {
    Run run = run(seed, Breakage.NONE);
    List<String> faults =
        new java.util.ArrayList<>(
            run.invariants().violations().first().stream().map(Violation::toString).toList());
    if (run.log().phase() != Phase.OPEN) {
      faults.add("not OPEN %.0f s after the return".formatted(run.sinceReturn(run.endNanos())));
    }
    return faults.stream().map(fault -> "seed " + seed + ": " + fault).toList();
  }

  @Test
  void anySchedule_isSafeAndEndsOpen() {
    List<String> faults =
        LongStream.range(FIRST, FIRST + SEEDS)
            .parallel()
            .mapToObj(RandomFaultsTest::faults)
            .flatMap(List::stream)
            .sorted()
            .toList();
    assertThat(faults).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "DOUBLED_GRANTS, I1",
    "NO_OLD_BOOKINGS, I1",
    "NO_BLACKOUT, I1",
    "REPLY_BEFORE_BACKUP, I1",
    "LEAKY_DOOR, I2",
    "EAGER_CEILING, I3",
    "STUCK_CEILING, I4",
    "WIDE_WINDOW, I5",
    "REVERSED_ORDER, I6b",
    "SALTED_KEYS, I7",
    "FORGOTTEN_ENDINGS, I8",
    "FALLING_EPOCHS, I9",
  })
  void brokenVariant_isFoundOut(Breakage breakage, String invariant) {
    boolean found =
        LongStream.rangeClosed(1, FOUND_WITHIN)
            .anyMatch(
                seed ->
                    run(seed, breakage).invariants().violations().counts().containsKey(invariant)
                        && !run(seed, Breakage.NONE)
                            .invariants()
                            .violations()
                            .counts()
                            .containsKey(invariant));
    assertThat(found).as("%s seen as %s", breakage, invariant).isTrue();
  }

  /** Late answers, and nodes that are cut off while they hold one: rare in schedules at random. */
  @Test
  void leaseFromReceipt_isFoundOut() {
    Scenario late =
        Scenarios.read(
                "late",
                """
                like: random-faults
                course: { measured: 60s }
                weather:
                  drift: 0.0005
                  faults:
                    - { at: 8s, what: network, delay: 100ms, for: 50s }
                    - { at: 12s, what: partition, nodes: [3], for: 2s }
                    - { at: 16s, what: partition, nodes: [4], for: 2s }
                    - { at: 20s, what: partition, nodes: [3], for: 2s }
                    - { at: 24s, what: partition, nodes: [4], for: 2s }
                """)
            .scenario()
            .orElseThrow();
    boolean found =
        LongStream.rangeClosed(1, FOUND_WITHIN)
            .anyMatch(seed -> leases(late, seed, Breakage.LEASE_FROM_RECEIPT) > 0);
    assertThat(found).isTrue();
    assertThat(LongStream.rangeClosed(1, 10).map(seed -> leases(late, seed, Breakage.NONE)).sum())
        .isZero();
  }

  /**
   * One node is cut off with its fail-safe share, the ledger is lost, and all others die: only
   * their disks know of the share. Then the ledger is lost again.
   */
  @Test
  void lostLedger_isTakenUpFromTheDisks() {
    Scenario lost =
        Scenarios.read(
                "lost",
                """
                like: random-faults
                course: { measured: 90s }
                weather:
                  drift: 0.0005
                  random: { until: 0s, per-minute: 1 }
                  faults:
                    - { at: 3s, what: partition, nodes: [2], for: 15s }
                    - { at: 6s, what: amnesia }
                    - { at: 6s, what: crash, node: 0, for: 500ms }
                    - { at: 6s, what: crash, node: 1, for: 700ms }
                    - { at: 11s, what: amnesia }
                """)
            .scenario()
            .orElseThrow();
    for (long seed = 1; seed <= 10; seed++) {
      Run run = new Simulation(lost, seed).run(new Governed(Breakage.NONE), 3);
      assertThat(run.invariants().violations().counts()).as("seed " + seed).isEmpty();
      assertThat(run.log().story())
          .as("seed " + seed)
          .anyMatch(note -> note.toString().contains("resumed; it was RAMPING"));
    }
  }

  private static int leases(Scenario scenario, long seed, Breakage breakage) {
    Run run = new Simulation(scenario, seed).run(new Governed(breakage), 5);
    return run.invariants().violations().counts().getOrDefault("I1", 0);
  }

  /** Or some rule would have no control. */
  @Test
  void everyBreakage_hasItsInvariant() throws Exception {
    CsvSource pairs =
        RandomFaultsTest.class
            .getDeclaredMethod("brokenVariant_isFoundOut", Breakage.class, String.class)
            .getAnnotation(CsvSource.class);
    assertThat(pairs.value()).hasSize(Breakage.values().length - 2);
    assertThat(
            Arrays.stream(pairs.value()).map(pair -> pair.substring(pair.indexOf(',') + 1).trim()))
        .contains("I1", "I2", "I3", "I4", "I5", "I6b", "I7", "I8", "I9");
  }
}

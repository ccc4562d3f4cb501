package io.trafficgovernor.cluster.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.VirtualTime;
import io.trafficgovernor.admission.ledger.LedgerState;
import io.trafficgovernor.cluster.testing.LocalMembers;
import io.trafficgovernor.cluster.testing.MemoryGrid;
import io.trafficgovernor.cluster.testing.Renewals;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StateKeeperTest {
  private static final int CLASSES = 2;

  @TempDir private Path dir = Path.of("");
  private final VirtualTime time = new VirtualTime();
  private final MemoryGrid grid = new MemoryGrid(LocalMembers.ledger(3, CLASSES), time);
  private final List<LedgerState> offered = new ArrayList<>();
  private final List<String> waits = new ArrayList<>();
  private boolean hears;
  private int told;
  private StateFile file = new StateFile(Path.of("target"), "unused");
  private StateKeeper keeper = new StateKeeper(grid, this::seed, file, time);

  @BeforeEach
  void open() {
    file = new StateFile(dir, "kv");
    keeper = new StateKeeper(grid, this::seed, file, time);
  }

  private CompletableFuture<Boolean> seed(LedgerState remembered) {
    offered.add(remembered);
    return hears
        ? CompletableFuture.completedFuture(true)
        : CompletableFuture.failedFuture(new IllegalStateException("no majority"));
  }

  private LedgerState renewed() {
    grid.renew(new Renewals("a", CLASSES).next(time.nanos())).toCompletableFuture().join();
    return grid.view().toCompletableFuture().join().orElseThrow();
  }

  @Test
  void start_writesTheLedgerOnceASecond() {
    keeper.start(Optional.empty(), () -> told++, waits::add);
    LedgerState first = renewed();
    time.advanceMillis(1100);
    assertThat(told).as("nothing to be heard").isEqualTo(1);
    assertThat(file.read()).contains(first);
    LedgerState second = renewed();
    time.advanceMillis(1000);
    assertThat(file.read()).contains(second);
    grid.away(true);
    time.advanceMillis(3000);
    assertThat(file.read()).as("a grid that is away changes nothing").contains(second);
    assertThat(offered).isEmpty();
  }

  /** A young ledger that knows less must not take the place of what is remembered. */
  @Test
  void start_writesNothingUntilTheGridHasHeard() {
    LedgerState remembered = StateFileTest.ledger(7);
    file.write(remembered);
    keeper.start(Optional.of(remembered), () -> told++, waits::add);
    LedgerState young = renewed();
    time.advanceMillis(3500);
    assertThat(offered).as("five times a second").hasSize(18).containsOnly(remembered);
    assertThat(file.read()).contains(remembered);
    assertThat(told).as("no lease before the grid has heard").isZero();
    assertThat(waits).as("and it is said why").hasSize(18).containsOnly("no majority");
    hears = true;
    time.advanceMillis(2000);
    assertThat(file.read()).contains(young);
    assertThat(offered).hasSize(19);
    assertThat(told).isEqualTo(1);
  }

  /** The first whose copies have found their places is served soon after. */
  @Test
  void start_isHeardSoonAfterThereIsAMajority() {
    keeper.start(Optional.of(StateFileTest.ledger(7)), () -> told++, waits::add);
    time.advanceMillis(2050);
    hears = true;
    time.advanceMillis(150);
    assertThat(told).isEqualTo(1);
  }

  /** All copies are gone, and the processes live: what they wrote is all that is left of it. */
  @Test
  void aLedgerBegunAnew_hearsWhatWasWrittenBeforeItIsWritten() {
    keeper.start(Optional.empty(), () -> told++, waits::add);
    LedgerState lost = renewed();
    time.advanceMillis(1100);
    grid.lose();
    LedgerState young = renewed();
    time.advanceMillis(2000);
    assertThat(offered).as("once a second, until it is heard").containsExactly(lost, lost);
    assertThat(file.read()).contains(lost);
    hears = true;
    time.advanceMillis(1000);
    assertThat(offered).hasSize(3);
    assertThat(file.read()).as("what the grid makes of it is not known yet").contains(lost);
    time.advanceMillis(1000);
    assertThat(file.read()).contains(young);
    assertThat(offered).hasSize(3);
    assertThat(told).as("nobody waits for leases again").isEqualTo(1);
  }

  @Test
  void stop_writesNoMore() {
    keeper.start(Optional.empty(), () -> told++, waits::add);
    LedgerState first = renewed();
    time.advanceMillis(1100);
    keeper.stop();
    renewed();
    time.advanceMillis(3000);
    assertThat(file.read()).contains(first);
  }
}

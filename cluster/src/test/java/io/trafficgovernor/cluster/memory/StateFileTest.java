package io.trafficgovernor.cluster.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trafficgovernor.admission.ledger.LedgerState;
import io.trafficgovernor.admission.ledger.Owner;
import io.trafficgovernor.cluster.testing.LocalMembers;
import io.trafficgovernor.cluster.testing.Renewals;
import io.trafficgovernor.cluster.wire.RecordCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StateFileTest {
  private static final int CLASSES = 2;

  @TempDir private Path dir = Path.of("");

  static LedgerState ledger(long lineage) {
    return LocalMembers.ledger(3, CLASSES)
        .renew(null, new Renewals("a", CLASSES).next(1), new Owner("one", 1, lineage))
        .state();
  }

  private StateFile file() {
    return new StateFile(dir.resolve("data"), "kv");
  }

  private Path path() {
    return dir.resolve("data/kv.state");
  }

  @Test
  void read_whatWasWrittenLast() {
    assertThat(file().read()).isEmpty();
    file().write(ledger(7));
    LedgerState last = ledger(8);
    file().write(last);
    assertThat(file().read()).contains(last);
  }

  @Test
  void write_leavesNothingElseBehind() throws IOException {
    file().write(ledger(7));
    try (Stream<Path> files = Files.list(path().getParent())) {
      assertThat(files).containsExactly(path());
    }
  }

  /** Every single byte that is wrong, missing or too many is noticed. */
  @Test
  void read_aDamagedFileIsSetAside() throws IOException {
    file().write(ledger(7));
    byte[] good = Files.readAllBytes(path());
    for (int at = 0; at < good.length; at++) {
      byte[] bad = good.clone();
      bad[at] ^= 0x10;
      refused(bad);
    }
    refused(new byte[0]);
    refused(java.util.Arrays.copyOf(good, good.length - 1));
    refused(java.util.Arrays.copyOf(good, good.length + 1));
    Files.write(path(), good);
    assertThat(file().read()).isPresent();
  }

  /** What can be written can be read again; and nobody reads a file of any size into memory. */
  @Test
  void length_isBoundedOnBothSides() throws IOException {
    LedgerState one = ledger(7);
    file().write(one);
    byte[] good = Files.readAllBytes(path());
    refused(java.util.Arrays.copyOf(good, RecordCodec.MAX_LENGTH + 21));
    LedgerState longer =
        new LedgerState(
            one.authority(),
            one.control(),
            one.recovery(),
            one.why(),
            one.rates(),
            one.round(),
            one.probes(),
            one.nodes(),
            one.peak(),
            one.gates(),
            Collections.nCopies(30, new LedgerState.Excluded("a", "x".repeat(60_000), 0)),
            one.strays());
    assertThatThrownBy(() -> file().write(longer))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("allowed 1048576");
  }

  private void refused(byte[] bytes) throws IOException {
    Files.write(path(), bytes);
    assertThat(file().read()).isEmpty();
    assertThat(path()).doesNotExist();
    assertThat(Files.readAllBytes(path().resolveSibling("kv.state.damaged"))).isEqualTo(bytes);
  }

  @Test
  void name_staysInItsDirectory() {
    assertThat(List.of(new StateFile(dir, "../x/y").toString()))
        .containsExactly(dir.resolve("___x_y.state").toString());
  }
}

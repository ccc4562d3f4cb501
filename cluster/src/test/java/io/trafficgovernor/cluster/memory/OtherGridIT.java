package io.trafficgovernor.cluster.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.lease.Grant;
import io.trafficgovernor.admission.lease.GrantReply;
import io.trafficgovernor.admission.ledger.LedgerState;
import io.trafficgovernor.cluster.hazelcast.HazelcastLedgerGrid;
import io.trafficgovernor.cluster.testing.LocalMembers;
import io.trafficgovernor.cluster.testing.Renewals;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The way across Hazelcast's minors, which do not mix: the old grid ends, and a new one, of another
 * name and another number of members, goes on from what was written down.
 */
final class OtherGridIT {
  private static final int CLASSES = 2;

  @TempDir private Path dir = Path.of("");

  private static <T> T answer(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
  }

  /** What is granted at the next renewal; waits until the members' copies have their places. */
  private static Grant granted(HazelcastLedgerGrid grid, Renewals renewals) {
    GrantReply reply =
        Awaitility.await()
            .atMost(Duration.ofSeconds(20))
            .ignoreExceptions()
            .until(
                () -> answer(grid.renew(renewals.next(System.nanoTime()))),
                GrantReply.Granted.class::isInstance);
    return ((GrantReply.Granted) reply).grant();
  }

  @Test
  void aStateFile_seedsAnotherGridNoFurtherThanItWas() {
    StateFile file = new StateFile(dir, "kv");
    LedgerState old;
    try (LocalMembers one = LocalMembers.start("minor-old", 1, CLASSES)) {
      var unused = granted(one.get(0), new Renewals("m0", CLASSES));
      old = answer(one.get(0).view()).orElseThrow();
      file.write(old);
    }
    try (LocalMembers three = LocalMembers.start("minor-new", 3, CLASSES)) {
      HazelcastLedgerGrid grid = three.get(1);
      LedgerState remembered = file.read().orElseThrow();
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .ignoreExceptions()
          .until(() -> answer(grid.seed(remembered)));
      LedgerState next = answer(grid.view()).orElseThrow();
      assertThat(next.control().controller().level().ceiling())
          .isLessThanOrEqualTo(old.control().controller().level().ceiling());
      assertThat(next.control().reference()).isEqualTo(old.control().reference());
      assertThat(next.authority().epoch()).isGreaterThan(old.authority().epoch());
      assertThat(next.authority().lineage()).isNotEqualTo(old.authority().lineage());
      Grant first = granted(grid, new Renewals("m1", CLASSES));
      assertThat(first.ratePerSecond()).as("leases of the old grid may be in use").isZero();
      assertThat(answer(grid.seed(remembered))).as("it is heard once").isFalse();
    }
  }
}

package io.trafficgovernor.cluster.hazelcast;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import io.trafficgovernor.cluster.quota.Quota;
import io.trafficgovernor.cluster.quota.QuotaGrid;
import io.trafficgovernor.cluster.testing.LocalMembers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Tenants' buckets on three real members. */
final class HazelcastQuotasIT {
  private static final LocalMembers members = LocalMembers.start("quotas", 3, 2);
  private static final List<QuotaGrid> grids = new ArrayList<>();

  @BeforeAll
  static void formed() {
    assertThat(members.get(0).members()).isEqualTo(3);
    members.all().forEach(each -> grids.add(each.quotas(System::currentTimeMillis)));
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .ignoreExceptionsInstanceOf(CompletionException.class)
        .until(() -> take(0, "warm", Quota.of(1_000_000), 0, 1) >= 0);
  }

  @AfterAll
  static void stop() {
    members.close();
  }

  private static long take(int member, String tenant, Quota quota, long owed, long wish) {
    return grids
        .get(member)
        .take(tenant, quota, owed, wish)
        .toCompletableFuture()
        .orTimeout(10, TimeUnit.SECONDS)
        .join();
  }

  /**
   * All members take as fast as they can: together they get the quota, by the clock of the test.
   */
  @Test
  void allMembersTogether_getTheQuotaAndNoMore() {
    Quota quota = new Quota(2_000, 50);
    long began = System.nanoTime();
    long first = take(0, "a", quota, 0, 1_000);
    long taken = first;
    for (int i = 0; i < 300; i++) {
      taken += take(i % 3, "a", quota, 0, 100);
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    assertThat(first).as("it begins empty").isZero();
    // the cluster's time is of whole milliseconds, and each member's a little different
    assertThat((double) taken).isPositive().isLessThanOrEqualTo(2_000 * seconds + 50 + 2_000 * 0.1);
  }

  /** What was used without being taken is paid before anything is given. */
  @Test
  void whatIsOwed_isPaidFirst() {
    Quota quota = new Quota(0.001, 1_000);
    assertThat(take(0, "b", quota, 100, 10)).isZero();
    Quota fast = new Quota(100_000, 1_000);
    take(0, "c", fast, 0, 1);
    Awaitility.await().until(() -> take(1, "c", fast, 0, 100) == 100);
    take(2, "c", fast, 100_000_000, 0);
    assertThat(take(0, "c", fast, 0, 100)).as("in debt for long").isZero();
  }

  /** The negative control: Bucket4j's own default would begin full. */
  @Test
  void lostBucket_beginsEmpty() {
    Quota quota = new Quota(0.01, 1_000_000);
    assertThat(take(0, "d", quota, 0, 1_000)).isZero();
    HazelcastInstance any = requireNonNull(Hazelcast.getHazelcastInstanceByName("quotas/m0"));
    any.getMap(HazelcastQuotas.MAP).clear();
    assertThat(take(1, "d", quota, 0, 1_000)).isZero();
  }

  /** A node without a majority is told so, and goes on with its own part. */
  @Test
  void withoutAMajority_nothingIsTaken() {
    try (LocalMembers alone = LocalMembers.start("quotas-alone", 3, 1, 2)) {
      var stage =
          alone
              .get(0)
              .quotas(System::currentTimeMillis)
              .take("e", Quota.of(1_000), 0, 10)
              .toCompletableFuture()
              .orTimeout(10, TimeUnit.SECONDS);
      assertThat(stage).failsWithin(Duration.ofSeconds(11));
    }
  }
}

package io.trafficgovernor.cluster.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trafficgovernor.admission.VirtualTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nodes that share tenants' quotas, in virtual time. */
final class TenantQuotasTest {
  private static final int NODES = 3;
  private static final long MILLI = 1_000_000L;

  private final VirtualTime time = new VirtualTime();
  private final Buckets grid = new Buckets();
  private final List<TenantQuotas> nodes = new ArrayList<>();

  /** Buckets that begin empty, on a grid that can be away and forget. */
  private final class Buckets implements QuotaGrid {
    private final Map<String, double[]> tokens = new HashMap<>();
    private boolean away;
    private int calls;
    private int most;
    private int underWay;

    @Override
    public CompletionStage<Long> take(String tenant, Quota quota, long owed, long wish) {
      calls++;
      if (away) {
        return CompletableFuture.failedFuture(new IllegalStateException("away"));
      }
      double[] bucket = tokens.computeIfAbsent(tenant, each -> new double[] {0, time.nanos()});
      double seconds = (time.nanos() - bucket[1]) / 1e9;
      bucket[0] = Math.min(quota.burst(), bucket[0] + seconds * quota.perSecond()) - owed;
      bucket[1] = time.nanos();
      long taken = (long) Math.max(0, Math.min(wish, Math.floor(bucket[0])));
      bucket[0] -= taken;
      CompletableFuture<Long> answer = new CompletableFuture<>();
      underWay++;
      most = Math.max(most, underWay);
      time.after(
          5 * MILLI,
          now -> {
            underWay--;
            answer.complete(taken);
          });
      return answer;
    }
  }

  private void nodes(double perSecond, int mostTenants) {
    for (int i = 0; i < NODES; i++) {
      TenantQuotas node =
          new TenantQuotas(
              new QuotaSettings(Quota.of(perSecond), Map.of(), NODES, mostTenants), grid, time);
      node.start();
      nodes.add(node);
    }
  }

  /** Each node is asked for that many per second; how many pass in all. */
  private int passed(String tenant, long millis, int perSecondAndNode) {
    int passed = 0;
    for (long at = 0; at < millis; at++) {
      for (TenantQuotas node : nodes) {
        if ((at * perSecondAndNode) / 1000 != ((at + 1) * perSecondAndNode) / 1000) {
          passed += node.use(tenant, 1, time.nanos()) == 0 ? 1 : 0;
        }
      }
      time.advanceMillis(1);
    }
    return passed;
  }

  @ParameterizedTest
  @ValueSource(ints = {30, 300})
  void allNodesTogether_useTheQuotaAndNoMore(int perSecond) {
    nodes(perSecond, 100);
    int passed = passed("a", 10_000, 5 * perSecond);
    assertThat(passed).isBetween((int) (9.2 * perSecond), 10 * perSecond + NODES);
  }

  @Test
  void hotNode_mayUseNearlyAllOfIt() {
    nodes(300, 100);
    passed("a", 2_000, 30);
    int passed = 0;
    for (long at = 0; at < 10_000; at++) {
      passed += nodes.get(0).use("a", 1, time.nanos()) == 0 ? 1 : 0;
      time.advanceMillis(1);
    }
    assertThat(passed).isBetween(2_700, 3_400);
  }

  /** Each has a part of it, so all of them together keep the quota; and no burst begins it. */
  @Test
  void gridAway_eachNodeHasItsPart() {
    nodes(300, 100);
    grid.away = true;
    int passed = passed("a", 11_000, 1_000);
    assertThat(passed).as("1 s until it is noticed, then 10 s").isBetween(2_900, 3_000 + NODES);
    assertThat(nodes.get(0).away()).isEqualTo(1);
  }

  @Test
  void gridThatIsBack_isToldWhatWasUsedMeanwhile() {
    nodes(300, 100);
    passed("a", 2_000, 1_000);
    grid.away = true;
    passed("a", 5_000, 1_000);
    grid.away = false;
    int passed = passed("a", 10_000, 1_000);
    assertThat(passed).as("the bucket filled up, and what was used is owed").isLessThan(2_600);
    assertThat(nodes.get(0).away()).isZero();
  }

  /** The negative control of "begins empty": a bucket that began full would give a burst. */
  @Test
  void lostEntries_areNoBurst() {
    nodes(300, 100);
    passed("a", 2_000, 1_000);
    int passed = 0;
    for (int i = 0; i < 20; i++) {
      grid.tokens.clear();
      passed += passed("a", 200, 1_000);
    }
    assertThat(passed).isLessThan(4 * 300 + 60);
    int full = 0;
    for (int i = 0; i < 20; i++) {
      grid.tokens.put("a", new double[] {300, time.nanos()});
      full += passed("a", 200, 1_000);
    }
    assertThat(full).as("so it would be seen").isGreaterThan(2 * 4 * 300);
  }

  @Test
  void firstRequest_isNotRefused() {
    nodes(1, 100);
    assertThat(nodes.get(0).use("a", 1, time.nanos())).isZero();
    long wait = nodes.get(0).use("a", 1, time.nanos());
    assertThat(wait).isEqualTo(1_000 * MILLI);
    assertThat(nodes.get(0).refused()).isEqualTo(1);
  }

  /** Names are the clients' own: there is no end of them. */
  @Test
  void tenantsBeyondTheMost_shareOneAccount() {
    nodes(10, 20);
    int passed = 0;
    for (int i = 0; i < 2_000; i++) {
      passed += nodes.get(0).use("t" + i, 1, time.nanos()) == 0 ? 1 : 0;
    }
    assertThat(nodes.get(0).followed()).isEqualTo(21);
    assertThat(passed).isEqualTo(21);
    time.advanceMillis(90_000);
    assertThat(nodes.get(0).followed()).as("forgotten when idle").isZero();
  }

  @Test
  void ordersUnderWay_areBounded() {
    nodes(10, 1_000);
    for (int round = 0; round < 20; round++) {
      for (int i = 0; i < 500; i++) {
        nodes.get(0).use("t" + i, 1, time.nanos());
      }
      time.advanceMillis(100);
    }
    assertThat(grid.most).isBetween(2, 64);
    assertThat(grid.tokens).as("everybody has its turn").hasSize(500);
  }

  /** Nobody who asks for nothing costs the grid anything. */
  @Test
  void idleTenants_askNothing() {
    nodes(10, 100);
    nodes.get(0).use("a", 1, time.nanos());
    time.advanceMillis(5_000);
    int calls = grid.calls;
    time.advanceMillis(5_000);
    assertThat(grid.calls).isEqualTo(calls);
  }

  @Test
  void nonsense_isRefused() {
    assertThatThrownBy(() -> Quota.of(0)).hasMessageContaining("allowed more than 0/s");
    assertThatThrownBy(() -> new Quota(1, 0.5)).hasMessageContaining("allowed 1 or more");
    assertThatThrownBy(() -> new QuotaSettings(Quota.of(1), Map.of(), 0, 1))
        .hasMessageContaining("got 0 nodes");
  }
}

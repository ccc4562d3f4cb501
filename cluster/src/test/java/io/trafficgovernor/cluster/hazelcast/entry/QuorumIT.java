package io.trafficgovernor.cluster.hazelcast.entry;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import io.trafficgovernor.admission.lease.GrantReply;
import io.trafficgovernor.admission.lease.Renewal;
import io.trafficgovernor.admission.ledger.LedgerState;
import io.trafficgovernor.cluster.hazelcast.HazelcastLedgerGrid;
import io.trafficgovernor.cluster.testing.LocalMembers;
import io.trafficgovernor.cluster.testing.Renewals;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What the processor looks at before it writes, on real members. */
final class QuorumIT {
  private static final int CLASSES = 3;

  private static HazelcastInstance instance(String name) {
    return requireNonNull(Hazelcast.getHazelcastInstanceByName(name), name);
  }

  @Test
  void lacking_tellsMembersAndReplicas() {
    try (LocalMembers two = LocalMembers.start("quorum", 3, 2, CLASSES)) {
      HazelcastInstance one = instance("quorum/m0");
      assertThat(two.get(0).members()).isEqualTo(2);
      Awaitility.await().until(() -> two.get(0).ownsEntry() ^ two.get(1).ownsEntry());
      assertThat(new Quorum(3, 1).lacking(one, "kv")).isEmpty();
      assertThat(new Quorum(5, 1).lacking(one, "kv"))
          .contains("members in view: got 2, allowed 3 or more");
      assertThat(new Quorum(3, 2).lacking(one, "kv").orElseThrow())
          .contains("replicas of the ledger: got 2, allowed 3");
      assertThat(new Quorum(1, 0).lacking(one, "kv").orElseThrow())
          .as("two members of a grid of one: each could be a majority alone")
          .startsWith("members in view: got 2, allowed 1, the voters");
    }
  }

  /** Without its copy's place a step is refused, and nothing is written. */
  @Test
  void process_withoutAllReplicasWritesNothing() throws Exception {
    try (LocalMembers two = LocalMembers.start("quorum-thin", 3, 2, CLASSES)) {
      HazelcastLedgerGrid grid = two.get(0);
      HazelcastInstance owner = instance("quorum-thin/" + (grid.ownsEntry() ? "m0" : "m1"));
      owner
          .getUserContext()
          .put(
              LedgerHost.KEY,
              new LedgerHost(
                  LocalMembers.ledger(3, CLASSES),
                  System::nanoTime,
                  new Quorum(3, 2),
                  ClusterSecret.none()));
      RenewProcessor renewal = new RenewProcessor(new Renewals("a", CLASSES).next(1));
      IMap<String, LedgerEntry> map = owner.getMap("governor");
      byte[] bytes =
          map.<byte[]>submitToKey("kv", renewal).toCompletableFuture().get(10, TimeUnit.SECONDS);
      assertThat(RenewProcessor.answer(bytes).toString()).contains("replicas of the ledger: got 2");
      assertThat(map.containsKey("kv")).isFalse();
    }
  }

  /** An answer that was lost is asked for again: the copy must have it before it is given. */
  @Test
  void process_aRepeatedOrderIsBackedUpAgain() {
    try (LocalMembers three = LocalMembers.start("quorum-again", 3, CLASSES)) {
      Renewal renewal = new Renewals("a", CLASSES).next(System.nanoTime());
      long first = answered(three.get(0), renewal);
      long again = answered(three.get(0), renewal);
      assertThat(again).isGreaterThan(first);
      int owner = three.get(0).ownsEntry() ? 0 : three.get(1).ownsEntry() ? 1 : 2;
      HazelcastLedgerGrid other = three.get((owner + 1) % 3);
      instance("quorum-again/m" + owner).getLifecycleService().terminate();
      Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> other.members() == 2);
      LedgerState state = await(other.view()).orElseThrow();
      assertThat(state.authority().grants()).isEqualTo(again);
    }
  }

  /** By that a dead node's lease ends when it is over, not a whole lease after the fail-over. */
  @Test
  void process_theNextOwnerKnowsHowOldItsCopyIs() {
    try (LocalMembers three = LocalMembers.start("quorum-clock", 3, CLASSES)) {
      Renewals node = new Renewals("a", CLASSES);
      long began = System.nanoTime();
      long first = answered(three.get(0), node.next(began));
      LedgerState before = await(three.get(0).view()).orElseThrow();
      long had = System.nanoTime();
      int owner = three.get(0).ownsEntry() ? 0 : three.get(1).ownsEntry() ? 1 : 2;
      HazelcastLedgerGrid other = three.get((owner + 1) % 3);
      instance("quorum-clock/m" + owner).getLifecycleService().terminate();
      Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> other.members() == 2);
      long removed = System.nanoTime();
      long again = answered(other, node.next(System.nanoTime()));
      LedgerState after = await(other.view()).orElseThrow();
      long ended = System.nanoTime();
      assertThat(again).isGreaterThan(first);
      assertThat(after.nowNanos() - before.nowNanos())
          .as("what the copy's member saw pass, and no more than passed")
          .isBetween(removed - had, ended - began);
    }
  }

  /** As holders do it: what has no answer in time is asked again. */
  private static long answered(HazelcastLedgerGrid grid, Renewal renewal) {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .ignoreExceptions()
        .until(() -> counter(grid.renew(renewal)), counter -> counter > 0);
  }

  private static long counter(CompletionStage<GrantReply> reply) {
    return ((GrantReply.Granted) await(reply)).grant().id().counter();
  }

  private static <T> T await(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
  }
}

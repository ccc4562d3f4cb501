package io.trafficgovernor.cluster.hazelcast;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import io.trafficgovernor.admission.lease.Grant;
import io.trafficgovernor.admission.lease.GrantReply;
import io.trafficgovernor.admission.ledger.LedgerState;
import io.trafficgovernor.cluster.LedgerGrid;
import io.trafficgovernor.cluster.hazelcast.entry.LedgerEntry;
import io.trafficgovernor.cluster.hazelcast.entry.LedgerProcessor;
import io.trafficgovernor.cluster.hazelcast.entry.WireFactory;
import io.trafficgovernor.cluster.testing.LedgerGridContract;
import io.trafficgovernor.cluster.testing.LocalMembers;
import io.trafficgovernor.cluster.testing.Renewals;
import java.io.EOFException;
import java.io.Serializable;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The contract, and what is Hazelcast's own, on three real members over loopback. */
final class HazelcastLedgerGridIT extends LedgerGridContract {
  private static final int MEMBERS = 3;
  private static final LocalMembers members = LocalMembers.start("grid-it", MEMBERS, CLASSES);

  @BeforeAll
  static void formed() {
    assertThat(members.get(0).members()).isEqualTo(MEMBERS);
  }

  @AfterAll
  static void stop() {
    members.close();
  }

  /** Each test has an entry of its own on the same members, which has answered once. */
  @Override
  protected LedgerGrid grid() {
    LedgerGrid grid = members.get(1).ofBackend("kv-" + UUID.randomUUID());
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .ignoreExceptionsInstanceOf(ExecutionException.class)
        .until(() -> grid.view().toCompletableFuture().get(10, TimeUnit.SECONDS).isEmpty());
    return grid;
  }

  @Override
  protected <T> T await(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError("no answer", e);
    }
  }

  @Override
  protected long nanos() {
    return System.nanoTime();
  }

  @Test
  void members_shareOneEntry() {
    String backend = "kv-" + UUID.randomUUID();
    Renewals node = new Renewals("a", CLASSES);
    for (HazelcastLedgerGrid member : members.all()) {
      GrantReply reply = await(member.ofBackend(backend).renew(node.next(nanos())));
      node.hold(((GrantReply.Granted) reply).grant());
    }
    for (HazelcastLedgerGrid member : members.all()) {
      LedgerState state = await(member.ofBackend(backend).view()).orElseThrow();
      assertThat(state.authority().grants()).isEqualTo(MEMBERS);
    }
  }

  /** A member that leaves in the middle: the epoch goes on, the count of grants too. */
  @Test
  void owner_leavesAndTheLedgerGoesOn() {
    try (LocalMembers own = LocalMembers.start("grid-it-leave", MEMBERS, CLASSES)) {
      Renewals node = new Renewals("a", CLASSES);
      Grant before = granted(own.get(0), node);
      for (int i = 0; i < MEMBERS; i++) {
        HazelcastLedgerGrid leaving = own.get(i);
        if (leaving.ownsEntry()) {
          HazelcastLedgerGrid staying = own.get((i + 1) % MEMBERS);
          leaving.close();
          Awaitility.await()
              .atMost(Duration.ofSeconds(20))
              .until(() -> staying.members() == MEMBERS - 1);
          Grant after = granted(staying, node);
          assertThat(after.id().lineage()).isEqualTo(before.id().lineage());
          assertThat(after.id().counter()).isGreaterThan(before.id().counter());
          assertThat(after.cluster().epoch()).isEqualTo(before.cluster().epoch());
          return;
        }
      }
      throw new AssertionError("nobody owns the entry");
    }
  }

  /** As a holder does it: a renewal that has no answer within its time-out is sent anew. */
  private Grant granted(LedgerGrid grid, Renewals node) {
    Grant grant =
        Awaitility.await()
            .atMost(Duration.ofSeconds(20))
            .until(() -> asked(grid, node), Optional::isPresent)
            .orElseThrow();
    node.hold(grant);
    return grant;
  }

  private Optional<Grant> asked(LedgerGrid grid, Renewals node) throws Exception {
    try {
      GrantReply reply =
          grid.renew(node.next(nanos())).toCompletableFuture().get(10, TimeUnit.SECONDS);
      return reply instanceof GrantReply.Granted granted
          ? Optional.of(granted.grant())
          : Optional.empty();
    } catch (ExecutionException noAnswer) {
      return Optional.empty();
    }
  }

  /** What a member fails with comes to the caller as it is, and nothing else gets in. */
  @Test
  void failureOfAnotherMember_keepsItsCause() {
    HazelcastInstance asking = instance(0);
    String elsewhere =
        Stream.iterate(0, i -> i + 1)
            .map(i -> "key-" + i)
            .filter(key -> !asking.getPartitionService().getPartition(key).getOwner().localMember())
            .findFirst()
            .orElseThrow();
    IMap<String, LedgerEntry> map = asking.getMap(GridConfig.MAP);
    LedgerProcessor garbled =
        (LedgerProcessor) new WireFactory().create(WireFactory.RENEW); // with an empty order
    assertThatThrownBy(() -> await(map.submitToKey(elsewhere, garbled)))
        .hasRootCauseInstanceOf(EOFException.class)
        .hasStackTraceContaining("Renewal cannot be read from 0 bytes");
    asking.getMap("other").put("foreign", new Foreign());
    assertThatThrownBy(() -> instance(1).getMap("other").get("foreign"))
        .hasRootCauseInstanceOf(SecurityException.class)
        .hasMessageContaining("Foreign is not allowed");
  }

  private static HazelcastInstance instance(int member) {
    return requireNonNull(Hazelcast.getHazelcastInstanceByName("grid-it/m" + member));
  }

  /** A type that is not on the list. */
  private static final class Foreign implements Serializable {
    private static final long serialVersionUID = 1;
  }

  /** One of three alone grants nothing: what it would write must not exist. */
  @Test
  void minority_isRefused() {
    try (LocalMembers alone = LocalMembers.start("grid-it-alone", MEMBERS, 1, CLASSES)) {
      CompletionStage<GrantReply> renewed =
          alone.get(0).renew(new Renewals("a", CLASSES).next(nanos()));
      assertThatThrownBy(() -> await(renewed)).hasRootCauseInstanceOf(Exception.class);
    }
  }
}

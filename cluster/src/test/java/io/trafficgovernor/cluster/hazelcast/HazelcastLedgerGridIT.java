package io.trafficgovernor.cluster.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trafficgovernor.admission.lease.Grant;
import io.trafficgovernor.admission.lease.GrantReply;
import io.trafficgovernor.admission.ledger.Ledger;
import io.trafficgovernor.admission.ledger.LedgerSettings;
import io.trafficgovernor.admission.ledger.LedgerState;
import io.trafficgovernor.admission.ramp.RampPlan;
import io.trafficgovernor.admission.recovery.RampMode;
import io.trafficgovernor.admission.testing.Classes;
import io.trafficgovernor.cluster.LedgerGrid;
import io.trafficgovernor.cluster.testing.LedgerGridContract;
import io.trafficgovernor.cluster.testing.Renewals;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The contract, and what is Hazelcast's own, on three real members over loopback. */
final class HazelcastLedgerGridIT extends LedgerGridContract {
  private static final int MEMBERS = 3;
  private static final List<HazelcastLedgerGrid> members = new ArrayList<>();

  private static GridSettings settings(String cluster, List<Integer> ports, int index) {
    List<String> voters = ports.stream().map(port -> "127.0.0.1:" + port).toList();
    return new GridSettings(cluster, "m" + index, "127.0.0.1", ports.get(index), voters);
  }

  private static Ledger ledger() {
    return new Ledger(
        new LedgerSettings(
            Classes.chain(CLASSES), 500, MEMBERS, RampMode.AUTO, new RampPlan.Adaptive()));
  }

  private static List<Integer> freePorts(int count) {
    List<ServerSocket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      }
      List<Integer> ports = sockets.stream().map(ServerSocket::getLocalPort).toList();
      for (ServerSocket socket : sockets) {
        socket.close();
      }
      return ports;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @BeforeAll
  static void start() {
    List<Integer> ports = freePorts(MEMBERS);
    for (int i = 0; i < MEMBERS; i++) {
      GridSettings settings = settings("grid-it", ports, i);
      members.add(HazelcastLedgerGrid.join("kv", ledger(), settings, System::nanoTime));
    }
    assertThat(members.get(0).members()).isEqualTo(MEMBERS);
  }

  @AfterAll
  static void stop() {
    members.forEach(HazelcastLedgerGrid::close);
  }

  /** Each test has an entry of its own on the same members. */
  @Override
  protected LedgerGrid grid() {
    return members.get(1).ofBackend("kv-" + UUID.randomUUID());
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
    for (HazelcastLedgerGrid member : members) {
      GrantReply reply = await(member.ofBackend(backend).renew(node.next(nanos())));
      node.hold(((GrantReply.Granted) reply).grant());
    }
    for (HazelcastLedgerGrid member : members) {
      LedgerState state = await(member.ofBackend(backend).view()).orElseThrow();
      assertThat(state.authority().grants()).isEqualTo(MEMBERS);
    }
  }

  /** A member that leaves in the middle: the epoch goes on, the count of grants too. */
  @Test
  void owner_leavesAndTheLedgerGoesOn() {
    List<Integer> ports = freePorts(MEMBERS);
    List<HazelcastLedgerGrid> own = new ArrayList<>();
    for (int i = 0; i < MEMBERS; i++) {
      GridSettings settings = settings("grid-it-leave", ports, i);
      own.add(HazelcastLedgerGrid.join("kv", ledger(), settings, System::nanoTime));
    }
    try {
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
    } finally {
      own.forEach(HazelcastLedgerGrid::close);
    }
  }

  private Grant granted(LedgerGrid grid, Renewals node) {
    Grant grant = ((GrantReply.Granted) await(grid.renew(node.next(nanos())))).grant();
    node.hold(grant);
    return grant;
  }

  /** One of three alone grants nothing: what it would write must not exist. */
  @Test
  void minority_isRefused() {
    List<Integer> ports = freePorts(MEMBERS);
    GridSettings settings = settings("grid-it-alone", ports, 0);
    try (HazelcastLedgerGrid alone =
        HazelcastLedgerGrid.join("kv", ledger(), settings, System::nanoTime)) {
      CompletionStage<GrantReply> renewed = alone.renew(new Renewals("a", CLASSES).next(nanos()));
      assertThatThrownBy(() -> await(renewed)).hasRootCauseInstanceOf(Exception.class);
    }
  }
}

package io.trafficgovernor.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.VirtualTime;
import io.trafficgovernor.admission.lease.Grant;
import io.trafficgovernor.admission.lease.GrantReply;
import io.trafficgovernor.admission.lease.Renewal;
import io.trafficgovernor.admission.lease.SettingsPrint;
import io.trafficgovernor.admission.ledger.CommandReply;
import io.trafficgovernor.admission.ledger.LedgerState;
import io.trafficgovernor.admission.recovery.Command;
import io.trafficgovernor.admission.request.AdmissionController;
import io.trafficgovernor.admission.request.Arrival;
import io.trafficgovernor.admission.testing.Classes;
import io.trafficgovernor.admission.testing.Leases;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

final class LeaseHolderTest {
  private static final long MILLI = 1_000_000L;
  private static final SettingsPrint PRINT = new SettingsPrint(1, 2, 3, 4);

  private final VirtualTime time = new VirtualTime();
  private final AdmissionController admission =
      new AdmissionController(Classes.chain(2), time, false);
  private final FakeGrid grid = new FakeGrid();
  private final List<ProbeSender.Listener> probes = new ArrayList<>();
  private final List<String> heard = new ArrayList<>();
  private long asleepMillis;
  private final LeaseHolder holder =
      new LeaseHolder(
          new LeaseHolder.Identity("a", 1, 7, PRINT),
          admission,
          grid,
          time,
          probes::add,
          () -> time.nanos() / MILLI + asleepMillis,
          new LeaseHolder.Listener() {
            @Override
            public void refused(String why) {
              heard.add("refused: " + why);
            }

            @Override
            public void slept() {
              heard.add("slept");
            }

            @Override
            public void failed(Throwable cause) {
              heard.add("failed: " + cause.getMessage());
            }
          });

  /** Keeps what it is asked; the test answers. */
  private static final class FakeGrid implements LedgerGrid {
    private final List<Renewal> renewals = new ArrayList<>();
    private final List<CompletableFuture<GrantReply>> answers = new ArrayList<>();

    @Override
    public CompletionStage<GrantReply> renew(Renewal renewal) {
      renewals.add(renewal);
      answers.add(new CompletableFuture<>());
      return answers.get(answers.size() - 1);
    }

    @Override
    public CompletionStage<CommandReply> command(Command command) {
      return CompletableFuture.failedStage(new UnsupportedOperationException("not here"));
    }

    @Override
    public CompletionStage<Optional<LedgerState>> view() {
      return CompletableFuture.completedStage(Optional.empty());
    }
  }

  private void answer(int renewal, Leases lease) {
    Grant grant = lease.sent(0).grant();
    grid.answers.get(renewal).complete(new GrantReply.Granted(grant));
    time.advanceMillis(0);
  }

  private static Grant probing(Grant grant, long number) {
    return new Grant(
        grant.id(),
        grant.cluster(),
        grant.ratePerSecond(),
        grant.slots(),
        grant.failSafePerSecond(),
        grant.lengthNanos(),
        grant.renewEveryNanos(),
        OptionalLong.of(number),
        1);
  }

  private static Grant ofEpoch(Grant grant, long epoch) {
    Grant.ClusterView view = grant.cluster();
    return new Grant(
        grant.id(),
        new Grant.ClusterView(
            epoch,
            view.phase(),
            view.ceilingPerSecond(),
            view.window(),
            view.referencePerSecond(),
            view.cutoffKey(),
            view.incidentSalt(),
            view.topRanks(),
            view.why(),
            view.growthPerSecond(),
            view.demandPerSecond(),
            view.blockedBy(),
            false),
        grant.ratePerSecond(),
        grant.slots(),
        grant.failSafePerSecond(),
        grant.lengthNanos(),
        grant.renewEveryNanos(),
        grant.probe(),
        1);
  }

  private void answer(int renewal, long epoch, long counter) {
    Grant grant = ofEpoch(Leases.ample().counter(counter).sent(0).grant(), epoch);
    grid.answers.get(renewal).complete(new GrantReply.Granted(grant));
    time.advanceMillis(0);
  }

  @Test
  void adopt_leavesTheLeaseOfALedgerThatLostItsMemory() {
    holder.start(0);
    time.advanceMillis(100);
    answer(0, 7, 1);
    answer(1, 3, 2);
    assertThat(admission.snapshot(time.nanos()).lease().orElseThrow().grant().cluster().epoch())
        .isEqualTo(7);
    time.advanceMillis(100);
    assertThat(grid.renewals.get(2).heldEpoch()).as("so that the ledger goes on").isEqualTo(7);
    assertThat(grid.renewals.get(2).heldCeiling()).as("of the lease it holds").isEqualTo(10_000);
    answer(2, 8, 3);
    assertThat(admission.snapshot(time.nanos()).lease().orElseThrow().grant().cluster().epoch())
        .isEqualTo(8);
  }

  @Test
  void sleeper_stillTellsOfTheEpochItKnew() {
    holder.start(0);
    time.advanceMillis(0);
    answer(0, 7, 1);
    asleepMillis += 60_000;
    time.advanceMillis(200);
    assertThat(heard).contains("slept");
    Renewal last = grid.renewals.get(grid.renewals.size() - 1);
    assertThat(last.held().counter()).isZero();
    assertThat(last.heldEpoch()).as("or an emptied ledger would be left for ever").isEqualTo(7);
  }

  @Test
  void start_renewsEveryTenthOfASecond() {
    holder.start(30 * MILLI);
    time.advanceMillis(29);
    assertThat(grid.renewals).isEmpty();
    time.advanceMillis(1);
    assertThat(grid.renewals).hasSize(1);
    time.advanceMillis(300);
    assertThat(grid.renewals).hasSize(4);
    assertThat(grid.renewals).extracting(Renewal::sequence).containsExactly(1L, 2L, 3L, 4L);
    assertThat(grid.renewals).extracting(Renewal::settings).containsOnly(PRINT);
  }

  @Test
  void renew_neverMoreThanFiveUnderWay() {
    holder.start(0);
    time.advanceMillis(5000);
    assertThat(grid.renewals).hasSize(5);
    grid.answers.get(0).completeExceptionally(new IllegalStateException("late"));
    time.advanceMillis(100);
    assertThat(grid.renewals).hasSize(6);
    assertThat(heard).containsExactly("failed: late");
  }

  @Test
  void lease_countsFromTheSend() {
    holder.start(0);
    time.advanceMillis(700);
    answer(0, Leases.ample().lasting(1000));
    assertThat(admission.snapshot(time.nanos()).isolated()).isFalse();
    time.advanceMillis(279);
    assertThat(admission.snapshot(time.nanos()).isolated()).isFalse();
    time.advanceMillis(1);
    assertThat(admission.snapshot(time.nanos()).isolated())
        .as("980 ms after the send, 280 after the answer")
        .isTrue();
  }

  @Test
  void lease_tooLateToBeUsed() {
    holder.start(0);
    time.advanceMillis(1000);
    answer(0, Leases.ample().lasting(1000));
    assertThat(admission.snapshot(time.nanos()).lease()).isEmpty();
  }

  @Test
  void lease_anAnswerToAnEarlierRenewalIsIgnored() {
    holder.start(0);
    time.advanceMillis(100);
    answer(1, Leases.ample().slots(7).counter(5));
    answer(0, Leases.ample().slots(3).counter(9));
    assertThat(admission.snapshot(time.nanos()).lease().orElseThrow().grant().slots()).isEqualTo(7);
  }

  @Test
  void cutOfSlots_isAcknowledgedAtOnceAndAGrowthIsNot() {
    holder.start(0);
    time.advanceMillis(0);
    answer(0, Leases.ample().slots(7).counter(1));
    time.advanceMillis(100);
    answer(1, Leases.ample().slots(9).counter(2));
    assertThat(grid.renewals).as("more: no hurry").hasSize(2);
    time.advanceMillis(100);
    answer(2, Leases.ample().slots(3).counter(3));
    assertThat(grid.renewals).hasSize(4);
    assertThat(grid.renewals.get(3).held().counter()).isEqualTo(3);
  }

  @Test
  void renewal_tellsWhatIsHeldWhileItIsValid() {
    holder.start(0);
    answer0();
    time.advanceMillis(100);
    assertThat(grid.renewals.get(1).held().counter()).isEqualTo(1);
    assertThat(grid.renewals.get(1).heldRate()).isEqualTo(10_000);
    time.advanceMillis(1000);
    Renewal late = grid.renewals.get(grid.renewals.size() - 1);
    assertThat(late.held().counter()).isEqualTo(1);
    assertThat(late.heldRate()).as("no longer valid").isZero();
  }

  private void answer0() {
    time.advanceMillis(0);
    answer(0, Leases.ample().lasting(500));
  }

  @Test
  void probe_isSentOnceAndReportedAtOnce() {
    holder.start(0);
    time.advanceMillis(0);
    Grant grant = probing(Leases.ample().sent(0).grant(), 7);
    grid.answers.get(0).complete(new GrantReply.Granted(grant));
    time.advanceMillis(20);
    assertThat(probes).hasSize(1);
    probes.get(0).answered(true);
    time.advanceMillis(0);
    assertThat(grid.renewals).hasSize(2);
    assertThat(grid.renewals.get(1).probe().orElseThrow().number()).isEqualTo(7);
    assertThat(grid.renewals.get(1).probe().orElseThrow().good()).isTrue();
  }

  @Test
  void probe_resultIsRepeatedUntilItArrived() {
    probe_isSentOnceAndReportedAtOnce();
    grid.answers.get(1).completeExceptionally(new IllegalStateException("lost"));
    time.advanceMillis(80);
    assertThat(grid.renewals.get(2).probe()).isPresent();
    answer(2, Leases.ample().counter(9));
    time.advanceMillis(100);
    assertThat(grid.renewals.get(3).probe()).isEmpty();
  }

  @Test
  void refusal_isTold() {
    holder.start(0);
    time.advanceMillis(0);
    grid.answers.get(0).complete(new GrantReply.Refused("no majority"));
    time.advanceMillis(0);
    assertThat(heard).containsExactly("refused: no majority");
  }

  private void arrive(int requests) {
    for (int i = 0; i < requests; i++) {
      Arrival arrival = new Arrival(0, i, time.nanos(), true, (decision, now) -> {});
      var unused = admission.decide(arrival, time.nanos());
    }
  }

  /** One millisecond of a suspended machine is an hour: only the wall clock saw it. */
  @Test
  void suspend_dropsTheLeaseAndWhatWasSentBefore() {
    holder.start(0);
    time.advanceMillis(0);
    answer(0, Leases.ample().lasting(1000).counter(1));
    time.advanceMillis(100);
    assertThat(admission.snapshot(time.nanos()).isolated()).isFalse();
    asleepMillis = 3_600_000;
    time.advanceMillis(30);
    assertThat(heard).containsExactly("slept");
    assertThat(admission.snapshot(time.nanos()).isolated()).isTrue();
    answer(1, Leases.ample().lasting(1000).counter(2));
    assertThat(admission.snapshot(time.nanos()).isolated()).as("sent before it slept").isTrue();
    time.advanceMillis(100);
    Renewal next = grid.renewals.get(2);
    assertThat(next.heldRate()).isZero();
    answer(2, Leases.ample().lasting(1000).counter(3));
    assertThat(admission.snapshot(time.nanos()).isolated()).isFalse();
  }

  /** Slewing and a step backwards are no sleep. */
  @Test
  void suspend_smallOrBackwardStepsKeepTheLease() {
    holder.start(0);
    time.advanceMillis(0);
    answer(0, Leases.ample().lasting(10_000));
    for (int i = 0; i < 10; i++) {
      asleepMillis += i == 5 ? -5_000 : 99;
      time.advanceMillis(30);
    }
    assertThat(heard).isEmpty();
    assertThat(admission.snapshot(time.nanos()).isolated()).isFalse();
  }

  @Test
  void demand_aStepRenewsAtOnceAndOnlyOnce() {
    holder.start(0);
    for (int i = 0; i < 100; i++) {
      arrive(4);
      time.advanceMillis(10);
      answer(grid.answers.size() - 1, Leases.ample().counter(i + 1));
    }
    int before = grid.renewals.size();
    assertThat(before).as("steady demand renews every 100 ms").isBetween(10, 12);
    long started = time.nanos();
    while (grid.renewals.size() == before) {
      arrive(40);
      time.advanceMillis(10);
    }
    assertThat(time.nanos() - started).isLessThanOrEqualTo(40 * MILLI);
  }

  @Test
  void cut_isAcknowledgedAtOnce() {
    holder.start(0);
    time.advanceMillis(0);
    answer(0, Leases.ample().rate(100).counter(1));
    time.advanceMillis(100);
    answer(1, Leases.ample().rate(95).counter(2));
    time.advanceMillis(50);
    assertThat(grid.renewals).as("a small cut waits").hasSize(2);
    time.advanceMillis(50);
    time.advanceMillis(30);
    answer(2, Leases.ample().rate(50).counter(3));
    assertThat(grid.renewals).hasSize(4);
    assertThat(grid.renewals.get(3).held().counter()).isEqualTo(3);
  }

  @Test
  void exclusion_lastsUntilALeaseComesAndSlowsTheRenewals() {
    holder.start(0);
    time.advanceMillis(0);
    assertThat(holder.exclusion()).isEmpty();
    grid.answers.get(0).complete(new GrantReply.Refused("name taken", true));
    time.advanceMillis(99);
    assertThat(holder.exclusion()).contains("name taken");
    time.advanceMillis(1000);
    assertThat(grid.renewals).as("one after 100 ms, then one a second").hasSize(2);
    grid.answers.get(1).complete(new GrantReply.Refused("no majority"));
    time.advanceMillis(1);
    assertThat(holder.exclusion()).as("a refusal that can pass says nothing").isPresent();
    assertThat(grid.renewals).hasSize(3);
    Grant grant = Leases.ample().sent(0).grant();
    grid.answers.get(2).complete(new GrantReply.Granted(grant));
    time.advanceMillis(0);
    assertThat(holder.exclusion()).isEmpty();
  }

  @Test
  void stop_renewsNoMore() {
    holder.start(0);
    time.advanceMillis(100);
    holder.stop();
    time.advanceMillis(1000);
    assertThat(grid.renewals).hasSize(2);
  }
}

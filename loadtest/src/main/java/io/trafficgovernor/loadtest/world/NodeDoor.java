package io.trafficgovernor.loadtest.world;

import io.trafficgovernor.admission.ClassTable;
import io.trafficgovernor.admission.Outcome;
import io.trafficgovernor.admission.ShedReason;
import io.trafficgovernor.admission.herd.HeldRefusals;
import io.trafficgovernor.admission.request.AdmissionController;
import io.trafficgovernor.admission.request.Arrival;
import io.trafficgovernor.admission.request.Decision;
import io.trafficgovernor.admission.request.Lease;
import io.trafficgovernor.admission.request.Permit;
import io.trafficgovernor.loadtest.record.Ending;
import io.trafficgovernor.loadtest.store.Answer;
import io.trafficgovernor.loadtest.store.Job;
import io.trafficgovernor.loadtest.witness.Witness;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The data path of one process: the production admission in front of the simulated store. */
final class NodeDoor implements Door {
  private static final int ONE_IN_LEAKED = 5;
  private static final int ONE_IN_FORGOTTEN = 100;

  private final NodeSetting setting;
  private final NodeTime time;
  private final AdmissionController admission;
  private final HeldRefusals held;
  private @Nullable Lease lease;
  private int outstanding;
  private int mostOutstanding;
  private long count;

  /**
   * Where a node stands.
   *
   * @param freesAtTimeout whether a slot is free at the time-out, as in proxies; ours waits for the
   *     store
   * @param holds whether refusals are held for the fraction of a second that Retry-After cannot say
   * @param retryAfterSeconds what the provider says with a 429; 0 for nothing
   * @param connections of its pool to the store; the first request on each pays for it
   */
  record NodeSetting(
      int node,
      ClassTable classes,
      int origins,
      EventQueue truth,
      Upstream upstream,
      List<Witness> witnesses,
      boolean freesAtTimeout,
      boolean holds,
      double retryAfterSeconds,
      int connections,
      Breakage breakage) {}

  NodeDoor(NodeSetting setting, NodeTime time, AdmissionController admission) {
    this.setting = setting;
    this.time = time;
    this.admission = admission;
    this.held = new HeldRefusals(setting.holds() ? HeldRefusals.MAX_HELD : 0);
  }

  /** A lease that the admission takes into use now. */
  void adopted(Lease next) {
    lease = next;
    for (Witness witness : setting.witnesses()) {
      witness.adopted(setting.node(), next, time, setting.truth().nanos());
    }
  }

  /** The machine slept: it has no lease any more. */
  void surrendered() {
    lease = null;
    for (Witness witness : setting.witnesses()) {
      witness.surrendered(setting.node(), setting.truth().nanos());
    }
  }

  /** Requests it has sent that the store still has. */
  int outstanding() {
    return outstanding;
  }

  /** Connections are gone: the store was away. */
  void disconnected() {
    mostOutstanding = outstanding;
  }

  @Override
  public void send(Call call) {
    time.enter(now -> new Exchange(call, now).begin(now));
  }

  /** One request on its way through the node. */
  private final class Exchange {
    private final Call call;
    private final Witness.Asked asked;
    private final Arrival arrival;
    private @Nullable Permit permit;
    private long sentNanos;

    private Exchange(Call call, long nowNanos) {
      this.call = call;
      this.asked =
          new Witness.Asked(setting.node(), call.rank(), call.session(), call.firstAttempt());
      this.arrival = new Arrival(rank(), session(), nowNanos, call.firstAttempt(), this::decided);
    }

    private int rank() {
      boolean reversed = setting.breakage() == Breakage.REVERSED_ORDER;
      return reversed ? setting.classes().size() - 1 - call.rank() : call.rank();
    }

    private long session() {
      boolean salted = setting.breakage() == Breakage.SALTED_KEYS;
      return salted ? call.session() + setting.node() : call.session();
    }

    private void begin(long nowNanos) {
      for (Witness witness : setting.witnesses()) {
        witness.arrived(asked, setting.truth().nanos());
      }
      decided(admission.decide(arrival, nowNanos), nowNanos);
    }

    private void decided(Decision decision, long nowNanos) {
      if (decision instanceof Decision.Shed shed) {
        shed(shed.reason(), shed.retryAfterNanos());
      } else if (decision instanceof Decision.Admitted admitted) {
        forward(admitted.permit(), nowNanos);
      }
    }

    private void shed(ShedReason reason, long retryAfterNanos) {
      long truly = setting.truth().nanos();
      if (setting.breakage() == Breakage.LEAKY_DOOR && ++count % ONE_IN_LEAKED == 0) {
        told(truly);
        submit((answer, now) -> told(answer, now));
        return;
      }
      for (Witness witness : setting.witnesses()) {
        witness.refused(asked.decided(arrival.placedAlone()), reason, lease, truly);
      }
      refused(Ending.SHED, retryAfterNanos);
    }

    private void refused(Ending ending, long retryAfterNanos) {
      long timeout = setting.classes().at(call.rank()).timeoutNanos();
      HeldRefusals.Telling telling =
          held.tell(retryAfterNanos, arrival.arrivedNanos(), timeout, time.nanos());
      if (telling.holdNanos() == 0) {
        call.reply().ended(ending, telling.retryAfterSeconds(), setting.truth().nanos());
        return;
      }
      time.after(
          telling.holdNanos(),
          now -> {
            held.released();
            call.reply().ended(ending, telling.retryAfterSeconds(), setting.truth().nanos());
          });
    }

    private void forward(Permit granted, long nowNanos) {
      if (!granted.send(nowNanos)) {
        shed(ShedReason.LEASE_ENDED, admission.retryAfterNanos(arrival, 0, nowNanos));
        return;
      }
      permit = granted;
      sentNanos = nowNanos;
      outstanding++;
      long truly = setting.truth().nanos();
      told(truly);
      time.after(Math.max(0, call.deadlineNanos() - truly), now -> timedOut(granted, now));
      submit((answer, now) -> returned(granted, answer, now));
    }

    private void told(long truly) {
      for (Witness witness : setting.witnesses()) {
        witness.sent(asked, truly);
      }
    }

    private void submit(Job.Reply reply) {
      boolean fresh = outstanding > mostOutstanding && mostOutstanding < setting.connections();
      mostOutstanding = Math.max(mostOutstanding, outstanding);
      int origin = (int) (count++ % setting.origins());
      setting
          .upstream()
          .submit(
              new Job(call.key(), call.rank(), origin, fresh, call.deadlineNanos(), reply),
              setting.truth().nanos());
    }

    private void timedOut(Permit of, long nowNanos) {
      if (permit == of) {
        permit = null;
        if (setting.freesAtTimeout()) {
          of.end(Outcome.TIMEOUT, 0, nowNanos);
        } else {
          of.abandon(Outcome.TIMEOUT, nowNanos);
        }
      }
    }

    /** The store is done with it, whether or not this process still is. */
    private void returned(Permit of, Answer answer, long truly) {
      toldFinished(truly);
      if (!time.ended()) {
        outstanding--;
        time.enter(now -> answered(of, answer, now));
      }
    }

    private void toldFinished(long truly) {
      Witness.Asked by =
          time.ended()
              ? new Witness.Asked(-1, call.rank(), call.session(), call.firstAttempt())
              : asked;
      for (Witness witness : setting.witnesses()) {
        witness.finished(by, truly);
      }
    }

    private void told(Answer answer, long truly) {
      toldFinished(truly);
      call.reply().ended(answer == Answer.OK ? Ending.OK : Ending.BROKEN, 0, truly);
    }

    private void answered(Permit of, Answer answer, long nowNanos) {
      if (permit != of) {
        if (!setting.freesAtTimeout()) {
          of.release(nowNanos);
        }
        return;
      }
      permit = null;
      if (setting.breakage() == Breakage.FORGOTTEN_ENDINGS && ++count % ONE_IN_FORGOTTEN == 0) {
        return;
      }
      of.end(outcome(answer), nowNanos - sentNanos, nowNanos);
      long truly = setting.truth().nanos();
      for (Witness witness : setting.witnesses()) {
        witness.answered(asked, answer == Answer.OK, truly);
      }
      switch (answer) {
        case OK -> call.reply().ended(Ending.OK, 0, truly);
        case FAILED -> call.reply().ended(Ending.FAILED, 0, truly);
        case BROKEN -> call.reply().ended(Ending.BROKEN, 0, truly);
        case QUOTA, FULL, UNREACHABLE -> {
          if (!admission.replay(arrival, nowNanos)) {
            double own = answer == Answer.QUOTA ? setting.retryAfterSeconds() : 0;
            long atLeast = (long) (own * 1e9);
            refused(Ending.REFUSED, admission.retryAfterNanos(arrival, atLeast, nowNanos));
          }
        }
      }
    }
  }

  private static Outcome outcome(Answer answer) {
    return switch (answer) {
      case OK -> Outcome.SUCCESS;
      case QUOTA, FULL -> Outcome.REFUSED;
      case BROKEN, FAILED -> Outcome.FAILURE;
      case UNREACHABLE -> Outcome.UNREACHABLE;
    };
  }
}

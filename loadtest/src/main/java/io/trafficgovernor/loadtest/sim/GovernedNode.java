package io.trafficgovernor.loadtest.sim;

import io.trafficgovernor.admission.ClassTable;
import io.trafficgovernor.admission.Outcome;
import io.trafficgovernor.admission.VirtualTime;
import io.trafficgovernor.admission.herd.HeldRefusals;
import io.trafficgovernor.admission.request.AdmissionController;
import io.trafficgovernor.admission.request.Arrival;
import io.trafficgovernor.admission.request.Decision;
import io.trafficgovernor.admission.request.Permit;
import io.trafficgovernor.loadtest.record.Ending;
import io.trafficgovernor.loadtest.store.Answer;
import io.trafficgovernor.loadtest.store.Job;
import io.trafficgovernor.loadtest.store.StoreModel;
import org.jspecify.annotations.Nullable;

/** A gateway in virtual time: the production admission in front of the simulated store. */
final class GovernedNode implements Door {
  private final VirtualTime time;
  private final AdmissionController admission;
  private final StoreModel store;
  private final RunLog log;
  private final ClassTable classes;
  private final HeldRefusals held;

  GovernedNode(
      VirtualTime time,
      AdmissionController admission,
      ClassTable classes,
      HeldRefusals held,
      StoreModel store,
      RunLog log) {
    this.time = time;
    this.admission = admission;
    this.store = store;
    this.log = log;
    this.classes = classes;
    this.held = held;
  }

  @Override
  public void send(Call call) {
    new Exchange(call).begin();
  }

  /** One request on its way through the node. */
  private final class Exchange {
    private final Call call;
    private final Arrival arrival;
    private @Nullable Permit permit;
    private long sentNanos;

    private Exchange(Call call) {
      this.call = call;
      this.arrival =
          new Arrival(
              call.rank(), call.session(), time.nanos(), call.firstAttempt(), this::decided);
    }

    private void begin() {
      decided(admission.decide(arrival, time.nanos()), time.nanos());
    }

    private void decided(Decision decision, long nowNanos) {
      if (decision instanceof Decision.Shed shed) {
        refused(Ending.SHED, shed.retryAfterNanos(), nowNanos);
      } else if (decision instanceof Decision.Admitted admitted) {
        forward(admitted.permit(), nowNanos);
      }
    }

    private void refused(Ending ending, long retryAfterNanos, long nowNanos) {
      long timeout = classes.at(call.rank()).timeoutNanos();
      HeldRefusals.Telling telling =
          held.tell(retryAfterNanos, arrival.arrivedNanos(), timeout, nowNanos);
      if (telling.holdNanos() == 0) {
        call.reply().ended(ending, telling.retryAfterSeconds(), nowNanos);
        return;
      }
      time.after(
          telling.holdNanos(),
          now -> {
            held.released();
            call.reply().ended(ending, telling.retryAfterSeconds(), now);
          });
    }

    private void forward(Permit granted, long nowNanos) {
      if (!granted.send(nowNanos)) {
        refused(Ending.SHED, admission.retryAfterNanos(arrival, 0, nowNanos), nowNanos);
        return;
      }
      permit = granted;
      sentNanos = nowNanos;
      log.sent(nowNanos);
      time.after(Math.max(0, call.deadlineNanos() - nowNanos), now -> timedOut(granted, now));
      store.submit(
          new Job(
              call.key(), call.deadlineNanos(), (answer, now) -> answered(granted, answer, now)),
          nowNanos);
    }

    private void timedOut(Permit of, long nowNanos) {
      if (permit == of) {
        permit = null;
        of.abandon(Outcome.TIMEOUT, nowNanos);
      }
    }

    private void answered(Permit of, Answer answer, long nowNanos) {
      log.finished();
      if (permit != of) {
        of.release(nowNanos);
        return;
      }
      permit = null;
      of.end(outcome(answer), nowNanos - sentNanos, nowNanos);
      switch (answer) {
        case OK -> call.reply().ended(Ending.OK, 0, nowNanos);
        case BROKEN -> call.reply().ended(Ending.BROKEN, 0, nowNanos);
        case QUOTA, FULL, UNREACHABLE -> {
          if (!admission.replay(arrival, nowNanos)) {
            refused(Ending.REFUSED, admission.retryAfterNanos(arrival, 0, nowNanos), nowNanos);
          }
        }
      }
    }
  }

  private static Outcome outcome(Answer answer) {
    return switch (answer) {
      case OK -> Outcome.SUCCESS;
      case QUOTA, FULL -> Outcome.REFUSED;
      case BROKEN -> Outcome.FAILURE;
      case UNREACHABLE -> Outcome.UNREACHABLE;
    };
  }
}

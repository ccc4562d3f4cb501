package io.trafficgovernor.loadtest.rival;

import io.trafficgovernor.loadtest.record.Ending;
import io.trafficgovernor.loadtest.store.Answer;
import io.trafficgovernor.loadtest.store.Job;
import io.trafficgovernor.loadtest.witness.Witness;
import io.trafficgovernor.loadtest.world.Door;

/** Nobody: every attempt goes straight to the store. The negative control. */
public record NoControl() implements Control {
  @Override
  public String name() {
    return "no control";
  }

  @Override
  public Door door(Setting setting) {
    return call -> {
      Witness.Asked asked = new Witness.Asked(0, call.rank(), call.session(), call.firstAttempt());
      long began = setting.truth().nanos();
      setting.witnesses().forEach(witness -> witness.arrived(asked, began));
      setting.witnesses().forEach(witness -> witness.sent(asked, began));
      setting
          .backends()
          .submit(
              new Job(
                  call.key(),
                  call.rank(),
                  0,
                  false,
                  call.deadlineNanos(),
                  (answer, now) -> {
                    setting.witnesses().forEach(witness -> witness.finished(asked, now));
                    call.reply().ended(ending(answer), 0, now);
                  }),
              began);
    };
  }

  private static Ending ending(Answer answer) {
    return switch (answer) {
      case OK -> Ending.OK;
      case QUOTA, FULL -> Ending.REFUSED;
      case FAILED -> Ending.FAILED;
      case BROKEN, UNREACHABLE -> Ending.BROKEN;
    };
  }
}

package io.trafficgovernor.loadtest.sim;

import io.trafficgovernor.admission.VirtualTime;
import io.trafficgovernor.loadtest.record.Ending;
import io.trafficgovernor.loadtest.store.Answer;
import io.trafficgovernor.loadtest.store.Job;
import io.trafficgovernor.loadtest.store.StoreModel;

/** No governor: every attempt goes straight to the store. The negative control. */
final class OpenDoor implements Door {
  private final VirtualTime time;
  private final StoreModel store;
  private final RunLog log;

  OpenDoor(VirtualTime time, StoreModel store, RunLog log) {
    this.time = time;
    this.store = store;
    this.log = log;
  }

  @Override
  public void send(Call call) {
    log.sent(time.nanos());
    store.submit(
        new Job(
            call.key(),
            call.deadlineNanos(),
            (answer, now) -> {
              log.finished();
              call.reply().ended(ending(answer), 0, now);
            }),
        time.nanos());
  }

  private static Ending ending(Answer answer) {
    return switch (answer) {
      case OK -> Ending.OK;
      case QUOTA, FULL -> Ending.REFUSED;
      case BROKEN, UNREACHABLE -> Ending.BROKEN;
    };
  }
}

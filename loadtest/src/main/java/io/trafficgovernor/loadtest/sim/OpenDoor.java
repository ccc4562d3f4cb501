package io.trafficgovernor.loadtest.sim;

import io.trafficgovernor.loadtest.store.Answer;
import io.trafficgovernor.loadtest.store.Job;
import io.trafficgovernor.loadtest.store.StoreModel;

/** No governor: every attempt goes straight to the store. The negative control. */
final class OpenDoor implements Door {
  private final EventQueue events;
  private final StoreModel store;
  private final RunLog log;

  OpenDoor(EventQueue events, StoreModel store, RunLog log) {
    this.events = events;
    this.store = store;
    this.log = log;
  }

  @Override
  public void send(Call call) {
    log.sent(call.rank(), events.nowNanos());
    store.submit(
        new Job(
            call.key(),
            call.deadlineNanos(),
            (answer, now) -> {
              log.finished(now);
              call.reply().ended(answer == Answer.OK, 0, now);
            }),
        events.nowNanos());
  }
}

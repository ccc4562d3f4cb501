package io.trafficgovernor.loadtest.replay;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.loadtest.fleet.Bench;
import io.trafficgovernor.loadtest.fleet.Governors;
import io.trafficgovernor.loadtest.live.GivenLog;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;

/** What the journals of the governors hold, as their operators' API tells it. */
final class Journals {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(500);

  private final Bench bench;
  private final Governors governors;

  Journals(Bench bench, Governors governors) {
    this.bench = requireNonNull(bench, "bench");
    this.governors = requireNonNull(governors, "governors");
  }

  /**
   * All of them together, now; a governor that was killed keeps its own until it is started again.
   *
   * @throws io.trafficgovernor.loadtest.fleet.RunFailedException if a governor does not answer
   */
  GivenLog.Journals read() {
    long waiting = 0;
    long reported = 0;
    List<Integer> ports = governors.operatorPorts();
    for (int node = 0; node < ports.size(); node++) {
      if (!governors.alive(node)) {
        continue;
      }
      int port = ports.get(node);
      JsonObject journal =
          bench
              .result(() -> bench.fetch().get(port, "/v1/status", TIMEOUT), "a governor's status")
              .json()
              .getJsonObject("journal");
      waiting += journal.getLong("waiting");
      for (String state : List.of("expired", "refused", "unreadable")) {
        reported += journal.getLong(state);
      }
    }
    return new GivenLog.Journals(waiting, reported);
  }

  /** Waits until all is delivered, no longer than that. */
  void awaitEmpty(Duration bound) {
    long end = bench.ticker().nanos() + bound.toNanos();
    while (read().waiting() > 0 && bench.ticker().nanos() - end < 0) {
      bench.pass(LOOK_AGAIN);
    }
  }
}

package io.trafficgovernor.loadtest.replay;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.loadtest.fleet.Governors;
import java.time.Duration;

/**
 * Something done to one governor while a run goes on.
 *
 * @param afterReturn when, counted from the store's return
 * @param node which governor, from 0
 */
record Disturbance(Duration afterReturn, int node, Kind kind) {
  /** What is done. */
  enum Kind {
    /** It ends at once, as in a crash. */
    KILL,
    /** It is started again after a kill. */
    RESTART,
    /** It stands still, as a machine that is suspended; its clock runs on. */
    STOP,
    /** It goes on after it stood still. */
    CONTINUE
  }

  Disturbance {
    requireNonNull(kind, "kind");
    if (afterReturn.isNegative() || node < 0) {
      throw new IllegalArgumentException(
          "disturbance: got %s of node %d after %s, allowed a node from 0 on, after the return"
              .formatted(kind, node, afterReturn));
    }
  }

  void apply(Governors governors) {
    switch (kind) {
      case KILL -> governors.kill(node);
      case RESTART -> governors.restart(node);
      case STOP -> governors.pause(node);
      case CONTINUE -> governors.resume(node);
    }
  }

  /** For people. */
  String text() {
    return "%.1f s: %s %d".formatted(afterReturn.toMillis() / 1e3, kind, node + 1);
  }
}

package io.trafficgovernor.loadtest.replay;

import io.trafficgovernor.loadtest.incident.Incident;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What a replay was asked for.
 *
 * @param incident what is replayed, and how
 * @param out directory for results, logs and the data of the processes
 * @param governor executable jar
 * @param main main class of this program, which also runs the store
 */
record Settings(Incident incident, long seed, Path out, Path governor, Class<?> main) {
  /** Governors in the cluster. */
  static final int NODES = 3;

  /** Longest that the return of all may take; the run is cut off there. */
  static final Duration ALL_BACK_BOUND = Duration.ofMinutes(2);

  /** Longest from the store's return until every governor is OPEN again. */
  static final Duration OPEN_BOUND = Duration.ofSeconds(200);

  /** How it is replayed. */
  Incident.Replay replay() {
    return incident.replay();
  }
}

package io.trafficgovernor.loadtest.sim;

import io.trafficgovernor.admission.control.Level;
import io.trafficgovernor.admission.ledger.LedgerState;
import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.loadtest.record.AttemptLog;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What happened in one run: the measures are taken from it afterwards. */
final class RunLog {
  /** Where the ledger stood from then on. */
  record LevelAt(long atNanos, double ceiling, double window, Phase phase, String why) {}

  private final AttemptLog attempts = new AttemptLog();
  private final List<Long> sent = new ArrayList<>();
  private final List<LevelAt> levels = new ArrayList<>();
  private int atStore;
  private double mostOverWindow = Double.NEGATIVE_INFINITY;
  private double windowBound = Double.POSITIVE_INFINITY;

  /** A client's attempt has ended. */
  AttemptLog attempts() {
    return attempts;
  }

  /** When requests were sent to the store, in the order of time. */
  List<Long> sent() {
    return Collections.unmodifiableList(sent);
  }

  /** Where the ledger stood, in the order of time. */
  List<LevelAt> levels() {
    return Collections.unmodifiableList(levels);
  }

  /** Most requests at the store beyond what the window allowed at that instant (I5). */
  double mostOverWindow() {
    return mostOverWindow;
  }

  /** From now on so many requests may be at the store. */
  void windowBound(double requests) {
    windowBound = requests;
  }

  void sent(long nowNanos) {
    sent.add(nowNanos);
    atStore++;
    mostOverWindow = Math.max(mostOverWindow, atStore - windowBound);
  }

  /** The store no longer works on a request. */
  void finished() {
    atStore--;
  }

  void level(LedgerState state, long nowNanos) {
    Level level = state.control().controller().level();
    Phase phase = state.recovery().phase();
    LevelAt next = new LevelAt(nowNanos, level.ceiling(), level.window(), phase, state.why());
    LevelAt last = levels.isEmpty() ? null : levels.get(levels.size() - 1);
    if (last == null
        || last.ceiling() != next.ceiling()
        || last.window() != next.window()
        || last.phase() != next.phase()) {
      levels.add(next);
    }
  }
}

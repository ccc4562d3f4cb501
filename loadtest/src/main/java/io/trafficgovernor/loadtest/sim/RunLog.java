package io.trafficgovernor.loadtest.sim;

import io.trafficgovernor.admission.ShedReason;
import io.trafficgovernor.admission.ledger.LedgerState;
import io.trafficgovernor.admission.recovery.Phase;
import java.util.ArrayList;
import java.util.List;

/** What happened in one run, as plain lists: the measures are taken from it afterwards. */
final class RunLog {
  /** The end of an attempt. */
  record Ended(int system, int number, long beganNanos, long endedNanos, boolean good) {}

  /** A request on its way to the store. */
  record Sent(int rank, long atNanos) {}

  /** A refusal by a gateway. */
  record Shed(int rank, ShedReason reason, long atNanos) {}

  /** Where the ledger stood from then on. */
  record LevelAt(long atNanos, double ceiling, double window, Phase phase, String why) {}

  final List<Ended> ended = new ArrayList<>();
  final List<Sent> sent = new ArrayList<>();
  final List<Shed> shed = new ArrayList<>();
  final List<LevelAt> levels = new ArrayList<>();
  long attempts;
  int atStore;

  void attempted(int system, int number, long nowNanos) {
    attempts++;
  }

  void ended(int system, int number, long beganNanos, boolean good, long nowNanos) {
    ended.add(new Ended(system, number, beganNanos, nowNanos, good));
  }

  void sent(int rank, long nowNanos) {
    sent.add(new Sent(rank, nowNanos));
    atStore++;
  }

  void finished(long nowNanos) {
    atStore--;
  }

  void shed(int rank, ShedReason reason, long nowNanos) {
    shed.add(new Shed(rank, reason, nowNanos));
  }

  void level(LedgerState state, long nowNanos) {
    var level = state.control().controller().level();
    Phase phase = state.recovery().phase();
    LevelAt last = levels.isEmpty() ? null : levels.get(levels.size() - 1);
    if (last == null
        || last.ceiling() != level.ceiling()
        || last.window() != level.window()
        || last.phase() != phase) {
      levels.add(new LevelAt(nowNanos, level.ceiling(), level.window(), phase, state.why()));
    }
  }
}

package io.trafficgovernor.loadtest.judge;

import io.trafficgovernor.loadtest.record.Given;
import io.trafficgovernor.loadtest.record.RunRecord;
import java.util.List;

/**
 * Whether what clients were given without the store was true and is kept: every stale answer tells
 * its age, no acknowledged write is lost, no one-time token is accepted twice. A run in which none
 * of it was given proves nothing.
 */
final class Promises {
  private static final String WRITES = "-writes-lost";

  private Promises() {}

  /** The checks of a governed run; none if it gave nothing by its plan. */
  static List<Check> of(RunRecord run) {
    return run.given()
        .map(
            given ->
                List.of(
                    ages(run, given.ages()),
                    writes(run, given.writes()),
                    tokens(run, given.tokens())))
        .orElse(List.of());
  }

  /** Without the writes: what a dead governor took in waits on its disk, where nobody looks. */
  static List<Check> ofDisturbed(RunRecord run) {
    String writes = run.name() + WRITES;
    return of(run).stream().filter(check -> !check.id().equals(writes)).toList();
  }

  private static Check ages(RunRecord run, Given.Ages ages) {
    Check check =
        Check.none(
            run.name() + "-stale-age",
            ages.untold() + ages.wrong(),
            "stale answers without their true age; %d given, off by %.1f s at most"
                .formatted(ages.answers(), ages.worstErrorSeconds()));
    return ages.answers() == 0 ? check.inconclusive("no stale answer was given") : check;
  }

  private static Check writes(RunRecord run, Given.Writes writes) {
    Check check =
        Check.none(
            run.name() + WRITES,
            writes.lost(),
            ("acknowledged writes that the store has not done; %d acknowledged, %d waiting,"
                    + " %d reported as expired or refused, %d repeats known by their key")
                .formatted(
                    writes.acknowledged(), writes.waiting(), writes.reported(), writes.repeats()));
    if (writes.acknowledged() == 0) {
      return check.inconclusive("no write was journaled");
    }
    // what waits or was reported is not lost, but nobody has seen it arrive either
    boolean known = writes.lost() <= writes.waiting() + writes.reported();
    return writes.lost() > 0 && known
        ? check.inconclusive("the journals still hold them, or have told of them")
        : check;
  }

  private static Check tokens(RunRecord run, Given.Tokens tokens) {
    Check check =
        Check.none(
            run.name() + "-tokens-twice",
            tokens.twice(),
            ("one-time tokens accepted twice, %d of them twice without the store; %d accepted,"
                    + " %d without the store, %d shown again")
                .formatted(
                    tokens.openedTwice(), tokens.accepted(), tokens.opened(), tokens.again()));
    return tokens.opened() == 0 || tokens.again() == 0
        ? check.inconclusive("no token was accepted without the store and shown again")
        : check;
  }
}

package io.trafficgovernor.loadtest.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.loadtest.judge.Check.Outcome;
import io.trafficgovernor.loadtest.record.Given;
import io.trafficgovernor.loadtest.record.RunRecord;
import io.trafficgovernor.loadtest.testing.RunSketch;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each promise, kept, broken, and not put to the test. */
final class PromisesTest {
  private static final Given.Ages AGES = new Given.Ages(7, 0, 0, 0.4);
  private static final Given.Writes WRITES = new Given.Writes(5, 0, 1, 0, 0);
  private static final Given.Tokens TOKENS = new Given.Tokens(9, 4, 2, 0, 0);

  private static List<Check> checks(Given.Ages ages, Given.Writes writes, Given.Tokens tokens) {
    return Promises.of(new RunSketch().given(RunSketch.given(ages, writes, tokens)).record());
  }

  private static void only(List<Check> checks, String id, Outcome other) {
    for (Check check : checks) {
      assertThat(check.outcome())
          .as(check.id())
          .isEqualTo(check.id().equals(id) ? other : Outcome.PASS);
    }
  }

  @Test
  void keptPromises_pass() {
    List<Check> checks = checks(AGES, WRITES, TOKENS);
    assertThat(checks)
        .extracting(Check::id)
        .containsExactly("full-stale-age", "full-writes-lost", "full-tokens-twice");
    assertThat(checks).allMatch(Check::pass);
  }

  @Test
  void lostWrite_fails() {
    only(checks(AGES, new Given.Writes(5, 1, 0, 0, 0), TOKENS), "full-writes-lost", Outcome.FAIL);
  }

  /** It may arrive yet: that is no loss, and no pass. */
  @Test
  void writeThatWaits_orWasReported_tellsNothing() {
    only(
        checks(AGES, new Given.Writes(5, 2, 0, 1, 1), TOKENS),
        "full-writes-lost",
        Outcome.INCONCLUSIVE);
    only(checks(AGES, new Given.Writes(5, 3, 0, 1, 1), TOKENS), "full-writes-lost", Outcome.FAIL);
  }

  @Test
  void staleAnswer_withoutItsAge_orWithAnother_fails() {
    only(checks(new Given.Ages(7, 1, 0, 0), WRITES, TOKENS), "full-stale-age", Outcome.FAIL);
    only(checks(new Given.Ages(7, 0, 1, 9), WRITES, TOKENS), "full-stale-age", Outcome.FAIL);
  }

  @Test
  void tokenAcceptedTwice_fails() {
    only(checks(AGES, WRITES, new Given.Tokens(9, 4, 2, 1, 0)), "full-tokens-twice", Outcome.FAIL);
  }

  /** What was not put to the test has not passed. */
  @Test
  void nothingGiven_tellsNothing() {
    List<Check> checks =
        checks(
            new Given.Ages(0, 0, 0, 0),
            new Given.Writes(0, 0, 0, 0, 0),
            new Given.Tokens(9, 4, 0, 0, 0));
    assertThat(checks).allMatch(check -> check.outcome() == Outcome.INCONCLUSIVE);
  }

  @Test
  void runWithoutGovernors_promisesNothing() {
    RunRecord control = new RunSketch().ungoverned().record();
    assertThat(Promises.of(control)).isEmpty();
  }
}

package io.trafficgovernor.loadtest.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.loadtest.judge.Check.Outcome;
import io.trafficgovernor.loadtest.record.AttemptLog;
import io.trafficgovernor.loadtest.record.Ending;
import io.trafficgovernor.loadtest.record.RunRecord;
import io.trafficgovernor.loadtest.testing.RunSketch;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a run must show; each check is seen to fail. */
final class JudgementTest {
  private static final Judgement JUDGEMENT = new Judgement(new Judgement.Bars(3, 2, 25));

  private static Check check(List<Check> checks, String id) {
    return checks.stream().filter(each -> each.id().equals(id)).findFirst().orElseThrow();
  }

  @Test
  void goodRun_passesEveryCheck() {
    List<Check> checks = JUDGEMENT.governed(new RunSketch().record());
    assertThat(checks).allMatch(Check::pass);
    assertThat(checks)
        .extracting(Check::id)
        .containsExactly(
            "full-well-before",
            "full-config-back",
            "full-auth-back",
            "full-parents-first",
            "full-all-back",
            "full-systems-back",
            "full-envelope-100ms",
            "full-envelope-1000ms",
            "full-no-second-collapse",
            "full-probes-first",
            "full-meters-agree",
            "full-stale-age",
            "full-writes-lost",
            "full-tokens-twice");
    assertThat(Judgement.verdict(checks)).isEqualTo(Outcome.PASS);
  }

  static Stream<Arguments> faults() {
    return Stream.of(
        Arguments.of("well-before", new RunSketch().failedBefore(0.02)),
        Arguments.of("config-back", new RunSketch().back(0, 5.5)),
        Arguments.of("auth-back", new RunSketch().back(1, 5.5)),
        Arguments.of("auth-back", new RunSketch().back(1, 1_000)),
        Arguments.of("parents-first", new RunSketch().back(1, 4).back(2, 2.5)),
        Arguments.of("parents-first", new RunSketch().back(2, 1_000)),
        Arguments.of("all-back", new RunSketch().back(2, 26)),
        Arguments.of("all-back", new RunSketch().back(2, 1_000)),
        Arguments.of("systems-back", new RunSketch().back(2, 1_000)),
        Arguments.of("envelope-100ms", new RunSketch().burst(15, 60, 2_000_000)),
        Arguments.of("envelope-1000ms", new RunSketch().burst(15, 200, 2_000_000)),
        Arguments.of("no-second-collapse", new RunSketch().restart(12)),
        Arguments.of("no-second-collapse", new RunSketch().says(1, 12.01, "OUTAGE")),
        Arguments.of("probes-first", new RunSketch().burst(0.05, 1, 1_000)),
        Arguments.of("probes-first", new RunSketch().withoutProbe()),
        Arguments.of("meters-agree", new RunSketch().meters(new RunRecord.Meters(10, 11))));
  }

  @ParameterizedTest(name = "{0} {index}")
  @MethodSource("faults")
  void fault_failsItsCheck(String id, RunSketch sketch) {
    List<Check> checks = JUDGEMENT.governed(sketch.record());
    assertThat(check(checks, "full-" + id).outcome()).isEqualTo(Outcome.FAIL);
    assertThat(Judgement.verdict(checks)).isEqualTo(Outcome.FAIL);
  }

  static Stream<Arguments> doubts() {
    return Stream.of(
        Arguments.of("envelope-100ms", new RunSketch().unstamped(15), "without a valid stamp"),
        Arguments.of("envelope-100ms", new RunSketch().burst(15, 1, 260_000_000), "J is over"),
        Arguments.of("envelope-100ms", new RunSketch().phaseAfterReturn("OPEN"), "fewer than 1000"),
        Arguments.of("meters-agree", new RunSketch().meters(null), "were not read"),
        Arguments.of("all-back", new RunSketch().overflow(1), "1 attempts were not made"));
  }

  @ParameterizedTest(name = "{0} {index}")
  @MethodSource("doubts")
  void doubt_isNotAPass(String id, RunSketch sketch, String why) {
    List<Check> checks = JUDGEMENT.governed(sketch.record());
    assertThat(check(checks, "full-" + id).outcome()).isEqualTo(Outcome.INCONCLUSIVE);
    assertThat(check(checks, "full-" + id).note()).contains(why);
    assertThat(Judgement.verdict(checks)).isEqualTo(Outcome.INCONCLUSIVE);
  }

  @Test
  void lostArrivals_areADoubt() {
    RunRecord run = new RunSketch().record();
    run.arrivals().lose(1);
    assertThat(check(JUDGEMENT.governed(run), "full-envelope-1000ms").note())
        .contains("1 arrivals are not in the log");
  }

  @Test
  void attemptsThatWereNotNoted_areADoubt() {
    RunRecord run = new RunSketch().record();
    for (int i = run.attempts().size(); i <= AttemptLog.LIMIT; i++) {
      run.attempts().add(0, 0, 0, 0, Ending.OK);
    }
    Check back = check(JUDGEMENT.governed(run), "full-all-back");
    assertThat(back.outcome()).isEqualTo(Outcome.INCONCLUSIVE);
    assertThat(back.note()).contains("1 attempts were not made or not noted");
  }

  @Test
  void disturbedRun_isJudgedByTheEnvelopeAndTheStore() {
    RunSketch killed = new RunSketch().meters(null).back(0, 9).says(1, 12.01, "OUTAGE");
    assertThat(JUDGEMENT.disturbed(killed.record())).allMatch(Check::pass);
    assertThat(JUDGEMENT.disturbed(killed.burst(15, 60, 2_000_000).record()))
        .anyMatch(check -> check.outcome() == Outcome.FAIL);
    assertThat(JUDGEMENT.disturbed(new RunSketch().restart(12).record()))
        .anyMatch(check -> check.outcome() == Outcome.FAIL);
    assertThat(JUDGEMENT.disturbed(new RunSketch().back(2, 1_000).record()))
        .anyMatch(check -> check.outcome() == Outcome.FAIL);
  }

  @Test
  void reopened_isInTimeOrNot() {
    RunRecord open = new RunSketch().reopened(12).record();
    assertThat(JUDGEMENT.reopened(open, 20).pass()).isTrue();
    assertThat(JUDGEMENT.reopened(open, 11).pass()).isFalse();
    assertThat(JUDGEMENT.reopened(new RunSketch().record(), 20).pass()).isFalse();
  }

  @Test
  void control_mustStayDownForAsLongAsTheGovernedRunNeeded() {
    RunRecord governed = new RunSketch().record();
    RunRecord down = new RunSketch().name("control").ungoverned().neverBack().record();
    List<Check> checks = JUDGEMENT.control(down, governed);
    assertThat(checks).allMatch(Check::pass);
    RunRecord back = new RunSketch().name("control").ungoverned().back(2, 9).record();
    Check recovered = check(JUDGEMENT.control(back, governed), "control-stays-down");
    assertThat(recovered.outcome()).as("a control that recovers").isEqualTo(Outcome.FAIL);
    assertThat(recovered.value()).isEqualTo(3.0);
  }

  @Test
  void control_provesNothingWithoutAGoodGovernedRun() {
    RunRecord down = new RunSketch().name("control").ungoverned().neverBack().record();
    RunRecord failed = new RunSketch().neverBack().record();
    for (RunRecord governed : new RunRecord[] {failed, null}) {
      assertThat(check(JUDGEMENT.control(down, governed), "control-stays-down").outcome())
          .isEqualTo(Outcome.INCONCLUSIVE);
    }
    RunRecord late = new RunSketch().back(2, 29).record();
    RunRecord sick =
        new RunSketch().name("control").ungoverned().neverBack().failedBefore(0.5).record();
    assertThat(check(JUDGEMENT.control(sick, late), "control-well-before").pass()).isFalse();
  }

  @Test
  void verdict_ofNothingIsNoPass() {
    assertThat(Judgement.verdict(List.of())).isEqualTo(Outcome.INCONCLUSIVE);
  }
}

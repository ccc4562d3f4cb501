package io.trafficgovernor.loadtest.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.trafficgovernor.loadtest.record.AttemptLog;
import io.trafficgovernor.loadtest.record.Ending;
import io.trafficgovernor.loadtest.testing.RunSketch;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A herd of 100 that comes at 10 s, under a ceiling of 200/s, at a store that serves 100/s. */
final class HerdReturnTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long CAME = 10 * SECOND;
  private static final int USERS = 100;

  private final AttemptLog attempts = new AttemptLog();
  private final List<Long> served = new ArrayList<>();

  private void attempt(double afterSeconds, Ending how) {
    long at = CAME + (long) (afterSeconds * 1e9);
    attempts.add(0, 0, at, at, how);
    if (how.good()) {
      served.add(at);
    }
  }

  private HerdReturn herd(HerdReturn.Allowed allowed) {
    return new HerdReturn(
        new HerdReturn.Herd(CAME, USERS, served),
        List.of(attempts),
        allowed,
        List.of(new HerdReturn.Capacity(0, 100), new HerdReturn.Capacity(1_000 * SECOND, 100)));
  }

  private HerdReturn herd() {
    return herd((from, to) -> 200 * (to - from) / 1e9);
  }

  /** One second to serve 100; they are sent away at first and served evenly in so many seconds. */
  private void cameBackWithin(double seconds) {
    for (int user = 0; user < USERS; user++) {
      attempt(0, Ending.SHED);
    }
    for (int user = 0; user < USERS; user++) {
      attempt(0.5 + seconds * user / USERS, Ending.OK);
    }
  }

  @Test
  void evenReturn_hasNoPeak() {
    cameBackWithin(2);
    assertThat(herd().peak()).as("2 or 3 in a slot of 10 tokens").isBetween(0.2, 0.3);
    assertThat(herd().attemptsPerSuccess()).isEqualTo(2);
  }

  @Test
  void returnAtOnce_isAPeak() {
    cameBackWithin(0);
    assertThat(herd().peak()).as("100 in a slot of 10 tokens").isEqualTo(10);
  }

  @Test
  void firstBlow_isNotCountedAsAPeak() {
    for (int user = 0; user < USERS; user++) {
      attempt(0.1, Ending.SHED);
    }
    assertThat(herd().peak()).isZero();
  }

  @Test
  void slotWithoutTokensToSpeakOf_saysNothing() {
    cameBackWithin(0);
    assertThat(herd((from, to) -> 4).peak()).isZero();
  }

  @Test
  void drain_isTheTimeOverThatOfAStoreThatIsAlwaysAtWork() {
    cameBackWithin(2);
    assertThat(herd().drain())
        .as("99 served after 2.46 s, possible 0.99 s")
        .isCloseTo(2.48, within(0.05));
  }

  @Test
  void usersNeverServed_areAnInfiniteDrain() {
    attempt(1, Ending.OK);
    assertThat(herd().drain()).isInfinite();
    assertThat(herd().herd().drained()).isFalse();
  }

  @Test
  void nobodyServed_costsEndlessAttempts() {
    attempt(1, Ending.SHED);
    assertThat(herd().attemptsPerSuccess()).isInfinite();
  }

  @Test
  void slots_countWhatBeganAndWhatEndedWell() {
    attempt(0, Ending.SHED);
    attempt(0.05, Ending.OK);
    attempt(1.05, Ending.OK);
    attempt(-1, Ending.OK);
    assertThat(herd().began(CAME, SECOND / 2)).containsExactly(2, 0, 1);
    assertThat(herd().served(CAME, SECOND / 2)).containsExactly(1, 0, 1);
  }

  @Test
  void tokens_areUnknownWhereTheRateDoesNotBind() {
    assertThat(herd().tokens(CAME, SECOND, 1)).containsExactly(200);
    assertThat(herd((from, to) -> Double.POSITIVE_INFINITY).tokens(CAME, SECOND, 1))
        .containsExactly(Double.NaN);
  }

  @Test
  void runOnSockets_isReadFromItsRecord() {
    AttemptLog herd = new AttemptLog();
    long came = RunSketch.at(2);
    herd.add(0, 0, came, came + 1, Ending.SHED);
    herd.add(0, 1, came + SECOND, came + SECOND, Ending.OK);
    HerdReturn of = HerdReturn.of(new RunSketch().record(), herd, came, 1);
    assertThat(of.herd().servedNanos()).containsExactly(came + SECOND);
    assertThat(of.tokens(came, SECOND, 1)[0]).as("a ceiling of 200/s").isCloseTo(200, within(1.0));
    assertThat(of.drain()).isGreaterThan(1);
  }
}

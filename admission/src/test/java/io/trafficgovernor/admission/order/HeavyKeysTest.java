package io.trafficgovernor.admission.order;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which sessions are no single user, and where their requests are placed. */
final class HeavyKeysTest {
  private static final long SECOND = 1_000_000_000L;
  private static final int READ = 2;
  private static final long NAT = SessionKey.hash("198.51.100.7");

  private final HeavyKeys keys = new HeavyKeys(4);

  private long first(long session, long nowNanos) {
    return keys.position(READ, session, true, nowNanos);
  }

  private long retry(long session, long nowNanos) {
    return keys.position(READ, session, false, nowNanos);
  }

  private void times(int times, long session, long nowNanos) {
    for (int i = 0; i < times; i++) {
      first(session, nowNanos);
    }
  }

  /** As many users with one request each, none in the bucket of the address. */
  private void others(int users, long nowNanos) {
    int came = 0;
    for (int user = 0; came < users; user++) {
      long session = SessionKey.hash("user-" + user);
      if (SessionKey.mix(session) >>> 58 != SessionKey.mix(NAT) >>> 58) {
        first(session, nowNanos);
        came++;
      }
    }
  }

  @Test
  void sixteenth_isTheFirstThatIsPlacedAlone() {
    for (int i = 1; i <= 15; i++) {
      assertThat(first(NAT, 0)).as("request %d", i).isEqualTo(HeavyKeys.OF_SESSION);
    }
    assertThat(first(NAT, 0)).isBetween(0L, SessionKey.PER_CLASS - 1);
  }

  @Test
  void tenthOfTheClass_isNotHeavy_andMoreIs() {
    others(189, 0);
    times(20, NAT, 0);
    assertThat(retry(NAT, 0)).as("20 of 209: under a tenth").isEqualTo(HeavyKeys.OF_SESSION);
    assertThat(first(NAT, 0)).as("21 of 210: a tenth").isEqualTo(HeavyKeys.OF_SESSION);
    assertThat(first(NAT, 0)).as("22 of 211: more").isNotEqualTo(HeavyKeys.OF_SESSION);
  }

  @Test
  void manyUsers_areNotHeavy() {
    for (int user = 0; user < 100_000; user++) {
      assertThat(first(SessionKey.hash("user-" + user), user * 1_000_000L))
          .isEqualTo(HeavyKeys.OF_SESSION);
    }
  }

  @Test
  void others_keepTheirPlace_besideAHeavyOne() {
    times(1000, NAT, 0);
    assertThat(first(SessionKey.hash("alice"), 0)).isEqualTo(HeavyKeys.OF_SESSION);
  }

  @Test
  void otherClasses_haveCountsOfTheirOwn() {
    times(1000, NAT, 0);
    assertThat(keys.position(READ + 1, NAT, true, 0)).isEqualTo(HeavyKeys.OF_SESSION);
    assertThat(keys.position(READ - 1, NAT, true, 0)).isEqualTo(HeavyKeys.OF_SESSION);
  }

  @Test
  void firstClass_isNeverOrdered() {
    for (int i = 0; i < 1000; i++) {
      assertThat(keys.position(0, NAT, true, 0)).isEqualTo(HeavyKeys.OF_SESSION);
    }
  }

  /** Demand is first attempts: a client that only repeats itself is no crowd. */
  @Test
  void retries_areNotCounted_butPlaced() {
    for (int i = 0; i < 1000; i++) {
      assertThat(retry(NAT, 0)).isEqualTo(HeavyKeys.OF_SESSION);
    }
    times(16, NAT, 0);
    assertThat(retry(NAT, 0)).isNotEqualTo(HeavyKeys.OF_SESSION);
  }

  @Test
  void counts_areHalvedEveryFiveSeconds() {
    times(32, NAT, 3 * SECOND);
    assertThat(retry(NAT, 8 * SECOND)).as("16 left").isNotEqualTo(HeavyKeys.OF_SESSION);
    assertThat(retry(NAT, 13 * SECOND - 1)).isNotEqualTo(HeavyKeys.OF_SESSION);
    assertThat(retry(NAT, 13 * SECOND)).as("8 left").isEqualTo(HeavyKeys.OF_SESSION);
    times(8, NAT, 13 * SECOND);
    assertThat(retry(NAT, 13 * SECOND)).as("16 again").isNotEqualTo(HeavyKeys.OF_SESSION);
  }

  /** What the class had long ago weighs nothing. */
  @Test
  void aCrowdOfOld_isForgotten_andANewOneSeen() {
    others(10_000, 0);
    times(16, NAT, 0);
    assertThat(retry(NAT, 0)).isEqualTo(HeavyKeys.OF_SESSION);
    times(16, NAT, 3600 * SECOND);
    assertThat(retry(NAT, 3600 * SECOND)).isNotEqualTo(HeavyKeys.OF_SESSION);
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MIN_VALUE, -1, 0, Long.MAX_VALUE - 4 * SECOND})
  void origin_ofTheClockDoesNotMatter(long origin) {
    times(32, NAT, origin);
    assertThat(retry(NAT, origin + 5 * SECOND)).as("16").isNotEqualTo(HeavyKeys.OF_SESSION);
    assertThat(retry(NAT, origin + 10 * SECOND)).as("8").isEqualTo(HeavyKeys.OF_SESSION);
  }

  @Test
  void earlierReading_changesNothing() {
    times(32, NAT, 100 * SECOND);
    assertThat(retry(NAT, 0)).isNotEqualTo(HeavyKeys.OF_SESSION);
    assertThat(retry(NAT, 105 * SECOND)).as("16").isNotEqualTo(HeavyKeys.OF_SESSION);
  }

  /** Of any n in a row the part below a cutoff is right to 3/n; by chance 16 of 1000 would be. */
  @ParameterizedTest
  @ValueSource(doubles = {0.01, 0.1, 1 / 3.0, 0.5, 0.77, 0.99})
  void places_areEvenInEveryStretch(double part) {
    long cutoff = (long) (part * SessionKey.PER_CLASS);
    times(16, NAT, 0);
    int[] below = new int[1001];
    for (int i = 0; i < 1000; i++) {
      below[i + 1] = below[i] + (first(NAT, 0) < cutoff ? 1 : 0);
    }
    for (int from = 0; from < 1000; from += 7) {
      for (int to = from + 1; to <= 1000; to += 13) {
        assertThat(Math.abs(below[to] - below[from] - part * (to - from)))
            .as("%d to %d", from, to)
            .isLessThan(3);
      }
    }
  }

  @Test
  void twoCrowds_areBothPlacedEvenly() {
    int[] below = new int[2];
    long other = SessionKey.hash("203.0.113.9");
    times(16, NAT, 0);
    times(16, other, 0);
    for (int i = 0; i < 1000; i++) {
      below[0] += first(NAT, 0) < SessionKey.PER_CLASS / 4 ? 1 : 0;
      below[1] += first(other, 0) < SessionKey.PER_CLASS / 4 ? 1 : 0;
    }
    assertThat(below[0]).isBetween(245, 255);
    assertThat(below[1]).isBetween(245, 255);
  }
}

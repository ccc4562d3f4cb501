package io.trafficgovernor.admission.order;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SessionKeyTest {
  @Test
  void of_liesWithinItsClass() {
    for (int user = 0; user < 1000; user++) {
      long key = SessionKey.of(3, SessionKey.hash("user-" + user), 42);
      assertThat(key).isBetween(3 * SessionKey.PER_CLASS, 4 * SessionKey.PER_CLASS - 1);
    }
  }

  @Test
  void of_isTheSameForTheSameSession() {
    assertThat(SessionKey.of(2, SessionKey.hash("alice"), 7))
        .isEqualTo(SessionKey.of(2, SessionKey.hash("alice"), 7));
  }

  @Test
  void of_orderChangesWithTheIncident() {
    int same = 0;
    for (int user = 0; user < 1000; user++) {
      long hash = SessionKey.hash("user-" + user);
      boolean first = SessionKey.of(2, hash, 1) < 2.5 * SessionKey.PER_CLASS;
      boolean second = SessionKey.of(2, hash, 2) < 2.5 * SessionKey.PER_CLASS;
      same += first == second ? 1 : 0;
    }
    assertThat(same).as("half of the users are in the same half by chance").isBetween(430, 570);
  }

  @Test
  void of_spreadsSessionsEvenly() {
    int[] tenths = new int[10];
    for (int user = 0; user < 10_000; user++) {
      long key = SessionKey.of(1, SessionKey.hash("session=" + user), 99) - SessionKey.PER_CLASS;
      tenths[(int) (key * 10 / SessionKey.PER_CLASS)]++;
    }
    for (int tenth : tenths) {
      assertThat(tenth).isBetween(880, 1120);
    }
  }

  @Test
  void of_topClassIsOneKey() {
    assertThat(SessionKey.of(0, SessionKey.hash("alice"), 7)).isZero();
  }

  /** Worked out apart from this code: nodes of two releases must draw the same line. */
  @Test
  void keys_areTheSameInEveryRelease() {
    assertThat(SessionKey.hash("")).isEqualTo(0xf52a15e9a9b5e89bL);
    assertThat(SessionKey.hash("alice")).isEqualTo(0xc5d1556d66774a5cL);
    assertThat(SessionKey.of(2, SessionKey.hash("alice"), 7)).isEqualTo(156490);
    assertThat(SessionKey.of(2, SessionKey.hash("alice"), -1)).isEqualTo(143108);
    assertThat(SessionKey.of(31, SessionKey.hash("bob"), 1L << 40)).isEqualTo(2039697);
  }
}

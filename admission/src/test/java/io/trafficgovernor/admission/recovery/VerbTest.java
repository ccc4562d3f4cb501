package io.trafficgovernor.admission.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class VerbTest {
  @ParameterizedTest
  @EnumSource
  void word_isUnderstoodAgain(Verb verb) {
    assertThat(verb.word()).isLowerCase();
    assertThat(Verb.of(verb.word())).contains(verb);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "CLOSE", "close ", "reopen"})
  void otherWords_areNone(String word) {
    assertThat(Verb.of(word)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "CLOSE, OUTAGE",
    "BEGIN, PROBING",
    "HOLD, HOLD",
    "RESUME, RAMPING",
    "ADVANCE, RAMPING",
    "ROLLBACK, ROLLBACK",
    "ABORT, OUTAGE",
    "FINISH, OPEN",
    "PIN, FROZEN",
    "UNPIN, HOLD"
  })
  void verb_leadsToItsPhase(Verb verb, Phase target) {
    assertThat(verb.target()).isEqualTo(target);
  }

  @Test
  void stopping_needsNoFreshRead() {
    assertThat(Verb.values())
        .filteredOn(Verb::stops)
        .containsExactlyInAnyOrder(Verb.CLOSE, Verb.ABORT, Verb.HOLD, Verb.ROLLBACK);
  }
}

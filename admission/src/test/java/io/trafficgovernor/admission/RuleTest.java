package io.trafficgovernor.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class RuleTest {
  @ParameterizedTest
  @EnumSource(Rule.class)
  void word_namesTheRule(Rule rule) {
    assertThat(Rule.of(rule.word())).contains(rule);
    assertThat(rule.word()).matches("[a-z]+(-[a-z]+)*");
    assertThat(rule.words()).isNotBlank();
  }

  @Test
  void of_anythingElse() {
    assertThat(Rule.of("FAST")).isEmpty();
    assertThat(Rule.of("")).isEmpty();
  }

  @Test
  void all_hold() {
    assertThat(Arrays.stream(Rule.values()).allMatch(Rules.ALL::hold)).isTrue();
    assertThat(Rules.without(List.of())).isEqualTo(Rules.ALL);
  }

  @Test
  void without_leavesOutThoseOnly() {
    Rules rules = Rules.without(List.of(Rule.FAST, Rule.FAST, Rule.STALL));
    assertThat(Arrays.stream(Rule.values()).filter(rule -> !rules.hold(rule)))
        .containsExactly(Rule.FAST, Rule.STALL);
  }
}

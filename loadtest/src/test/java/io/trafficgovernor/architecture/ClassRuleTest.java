package io.trafficgovernor.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class ClassRuleTest {
  private static final String BASE = "io.trafficgovernor";

  @ParameterizedTest
  @EnumSource
  void rule_holdsInTheHouse(ClassRule rule) {
    rule.of(BASE).check(rule.subject());
  }

  @ParameterizedTest
  @EnumSource
  void rule_findsTheClassThatBreaksIt(ClassRule rule) {
    var result = rule.of(BASE + ".architecture.broken").evaluate(House.BROKEN_ONES);

    assertThat(result.hasViolation()).isTrue();
    assertThat(result.getFailureReport().toString()).contains("." + rule.culprit());
  }

  /** Rules over classes that were not found hold for the wrong reason. */
  @ParameterizedTest
  @CsvSource({"admission, 100", "cluster, 20", "governor, 50", "loadtest, 100"})
  void module_isSeen(String module, int least) {
    assertThat(seen(House.MAIN, module)).as("classes of " + module).isGreaterThan(least);
    assertThat(seen(House.TESTS, module)).as("test classes of " + module).isPositive();
  }

  @Test
  void house_isSeenWhole() {
    assertThat(House.MAIN.size()).as("classes of the product").isGreaterThan(350);
    assertThat(House.TESTS.size()).as("classes of tests").isGreaterThan(60);
    assertThat(House.ALL).hasSize(House.MAIN.size() + House.TESTS.size());
  }

  private static long seen(JavaClasses classes, String module) {
    String directory = "/" + module + "/target/";
    return classes.stream()
        .flatMap(each -> each.getSource().stream())
        .filter(source -> source.getUri().getPath().contains(directory))
        .count();
  }
}

package io.trafficgovernor.loadtest.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class SummaryTableTest {
  private final List<String> lines = SummaryTable.lines(Reports.good());

  @Test
  void table_hasARowForEverySystemOfEveryRun() {
    for (SystemFacts facts : Reports.FACTS) {
      assertThat(lines.stream().filter(line -> line.startsWith("  " + facts.name())))
          .as(facts.name())
          .hasSize(2);
    }
    assertThat(lines).anyMatch(line -> line.startsWith("control run: without the governor"));
  }

  @Test
  void table_hasEveryCheckAndEndsWithTheVerdict() {
    Reports.good()
        .checks()
        .forEach(check -> assertThat(lines).anyMatch(line -> line.contains(check.id())));
    assertThat(lines.get(lines.size() - 1)).isEqualTo("verdict: PASS");
    assertThat(lines).contains("seed: 12");
  }

  @Test
  void row_tellsWhenItWasBackAndWhatDegradesIt() {
    assertThat(lines)
        .anyMatch(
            line -> line.matches("  Access +auth +[12]\\.\\d s +2 .*fail closed: \\d+ refused"));
    assertThat(lines).anyMatch(line -> line.matches("  Access +auth +never +- .*"));
    assertThat(lines)
        .anyMatch(line -> line.matches("  The store +- +the store +stale reads: 7 given"));
    assertThat(lines).noneMatch(line -> line.contains("not built"));
  }
}
